using System.Buffers;

namespace GreenServe.Records.Tables;

/// <summary>
/// Splits CSV text into rows of fields (RFC 4180). It does not allocate memory for each field, since records of a million rows are
/// common.
/// </summary>
/// <remarks>A stray quote inside an unquoted field is an ordinary character. Empty lines are skipped.</remarks>
/// <param name="text">The text.</param>
/// <param name="maxRowLetters">Longest row; reading a longer one throws <see cref="InvalidDataException"/>.</param>
internal sealed class CsvRowReader(TextReader text, int maxRowLetters = int.MaxValue) : IDisposable
{
    private static readonly SearchValues<char> Delimiters = SearchValues.Create(",\n");
    private readonly char[] buffer = new char[1 << 16];
    private readonly List<int> ends = [];
    private char[] row = new char[1 << 10];
    private int rowLength;
    private int position;
    private int filled;

    /// <summary>Number of the line at which the reader stands, from 1; a row may span several lines.</summary>
    internal int Line { get; private set; } = 1;

    /// <summary>Number of the line on which the present row began, from 1.</summary>
    internal int RowLine { get; private set; } = 1;

    /// <summary>Number of fields of the present row.</summary>
    internal int FieldCount => ends.Count;

    /// <summary>
    /// Whether the present row ended in a line feed. The last row of a file may lack it because it was cut short.
    /// </summary>
    internal bool EndsInLineFeed { get; private set; }

    /// <summary>A field of the present row; empty where the row is too short. Valid until the next row.</summary>
    internal ReadOnlySpan<char> Field(int index) =>
        index >= ends.Count ? [] : row.AsSpan(index == 0 ? 0 : ends[index - 1], ends[index] - (index == 0 ? 0 : ends[index - 1]));

    /// <summary>Moves to the next row.</summary>
    /// <returns>Whether there is a next row.</returns>
    internal bool Read()
    {
        do
        {
            ends.Clear();
            rowLength = 0;
            EndsInLineFeed = false;
            RowLine = Line;
            if (!Peek(out _))
            {
                return false;
            }

            ReadRow();
        }
        while (ends.Count == 1 && rowLength == 0);

        return true;
    }

    public void Dispose() => text.Dispose();

    private void ReadRow()
    {
        while (true)
        {
            if (Peek(out char first) && first == '"')
            {
                position++;
                ReadQuoted();
            }

            char delimiter = ReadPlain();
            ends.Add(rowLength);
            if (delimiter != ',')
            {
                return;
            }
        }
    }

    /// <summary>
    /// Copies text up to the next delimiter and moves past it. The delimiter returned is a comma or, at the end of a row, a line
    /// feed.
    /// </summary>
    private char ReadPlain()
    {
        int start = rowLength;
        while (Peek(out _))
        {
            ReadOnlySpan<char> rest = buffer.AsSpan(position, filled - position);
            int length = rest.IndexOfAny(Delimiters);
            Copy(length < 0 ? rest : rest[..length]);
            position += length < 0 ? rest.Length : length;
            if (length < 0)
            {
                continue;
            }

            char delimiter = buffer[position++];
            if (delimiter == ',')
            {
                return ',';
            }

            // CR LF ends a row too; a carriage return elsewhere is an ordinary character.
            if (rowLength > start && row[rowLength - 1] == '\r')
            {
                rowLength--;
            }

            Line++;
            EndsInLineFeed = true;
            return '\n';
        }

        return '\n';
    }

    private void ReadQuoted()
    {
        while (Peek(out _))
        {
            ReadOnlySpan<char> rest = buffer.AsSpan(position, filled - position);
            int length = rest.IndexOf('"');
            ReadOnlySpan<char> part = length < 0 ? rest : rest[..length];
            Line += part.Count('\n');
            Copy(part);
            position += part.Length;
            if (length < 0)
            {
                continue;
            }

            position++;
            if (!Peek(out char next) || next != '"')
            {
                return;
            }

            position++;
            Copy("\"");
        }
    }

    private void Copy(ReadOnlySpan<char> part)
    {
        if (rowLength + part.Length > row.Length)
        {
            if (rowLength + part.Length > maxRowLetters)
            {
                throw new InvalidDataException();
            }

            Array.Resize(ref row, Math.Max(2 * row.Length, rowLength + part.Length));
        }

        part.CopyTo(row.AsSpan(rowLength));
        rowLength += part.Length;
    }

    private bool Peek(out char next)
    {
        if (position == filled)
        {
            filled = text.Read(buffer, 0, buffer.Length);
            position = 0;
        }

        next = position < filled ? buffer[position] : '\0';
        return position < filled;
    }
}
