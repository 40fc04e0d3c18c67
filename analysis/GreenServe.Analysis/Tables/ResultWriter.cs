using System.Buffers;
using System.Globalization;
using System.Text;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Tables;

/// <summary>Writes the cells of a result table as CSV into a stream. A row of numbers and known texts allocates nothing.</summary>
/// <remarks>
/// A cell is quoted where it holds a comma, a quote or the end of a line, or begins or ends with a space. Text that a spreadsheet would
/// run is guarded, as <see cref="CsvText"/> says.
/// </remarks>
/// <param name="stream">The file. It stays open.</param>
internal sealed class ResultWriter(Stream stream) : IDisposable
{
    private const int BufferBytes = 1 << 16;

    // The longest number with all its digits, such as -1.7976931348623157E+308, is shorter.
    private const int NumberBytes = 32;
    private const byte Comma = (byte)',';
    private const byte Quote = (byte)'"';
    private static readonly SearchValues<char> QuotedSigns = SearchValues.Create(",\"\r\n");

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int used;
    private bool isInRow;

    /// <summary>Adds the name of a column, or any text that nobody runs.</summary>
    internal void AddName(string name)
    {
        Separate();
        AppendCell(name);
    }

    /// <summary>Adds a cell of text; <c>null</c> for an absent one.</summary>
    internal void Add(string? text)
    {
        Separate();
        if (text is not null)
        {
            AppendCell(CsvText.Guarded(text));
        }
    }

    /// <summary>Adds a number with all its digits; <c>null</c> for an absent one.</summary>
    internal void Add(double? value)
    {
        Separate();
        if (value is { } number)
        {
            Reserve(NumberBytes);
            _ = number.TryFormat(buffer.AsSpan(used), out int written, "R", CultureInfo.InvariantCulture);
            used += written;
        }
    }

    /// <summary>Ends the row.</summary>
    internal void EndRow()
    {
        Append((byte)'\n');
        isInRow = false;
    }

    /// <summary>Writes what is left to the stream.</summary>
    public void Dispose()
    {
        Flush();
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Separate()
    {
        if (isInRow)
        {
            Append(Comma);
        }

        isInRow = true;
    }

    private void AppendCell(string text)
    {
        bool isQuoted = text.Length > 0 && (text[0] == ' ' || text[^1] == ' ' || text.AsSpan().ContainsAny(QuotedSigns));
        if (!isQuoted)
        {
            Append(text);
            return;
        }

        Append(Quote);
        Append(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        Append(Quote);
    }

    private void Append(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        used += Encoding.UTF8.GetBytes(text, buffer.AsSpan(used));
    }

    private void Append(byte letter)
    {
        Reserve(1);
        buffer[used++] = letter;
    }

    private void Reserve(int bytes)
    {
        if (buffer.Length - used >= bytes)
        {
            return;
        }

        Flush();
        if (buffer.Length < bytes)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(bytes);
        }
    }

    private void Flush()
    {
        stream.Write(buffer, 0, used);
        used = 0;
    }
}
