using System.Text;

namespace GreenServe.Records.Documents;

/// <summary>Reads the lines that another program writes. However long a line is, only its beginning takes memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="maxLength">Longest line that is kept whole (characters), at least 1.</param>
/// <remarks>A line ends with a line feed, a carriage return, or both. It allows one read at a time.</remarks>
public sealed class BoundedLineReader(TextReader reader, int maxLength)
{
    /// <summary>Characters read at once: a page of text.</summary>
    private const int BufferLength = 4096;

    private static readonly System.Buffers.SearchValues<char> Ends = System.Buffers.SearchValues.Create("\r\n");
    private readonly char[] buffer = new char[BufferLength];
    private readonly StringBuilder line = new();
    private int position;
    private int count;
    private bool isSkipping;
    private bool followsCarriageReturn;

    /// <summary>Whether the last line was longer than the limit. Its rest is left out.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Reads the next line, without its end. A line that is too long is given as soon as it is.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The line; <c>null</c> at the end of the text.</returns>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        line.Clear();
        WasCut = false;
        while (true)
        {
            if (position == count)
            {
                count = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                position = 0;
                if (count == 0)
                {
                    return line.Length > 0 ? line.ToString() : null;
                }
            }

            if (TakeFromBuffer())
            {
                return line.ToString();
            }
        }
    }

    /// <summary>Takes what the buffer has of the line, and returns whether the line is there.</summary>
    private bool TakeFromBuffer()
    {
        if (followsCarriageReturn)
        {
            // The line feed belongs to the carriage return before it.
            followsCarriageReturn = false;
            position += buffer[position] == '\n' ? 1 : 0;
        }

        ReadOnlySpan<char> rest = buffer.AsSpan(position, count - position);
        int end = rest.IndexOfAny(Ends);
        ReadOnlySpan<char> text = end < 0 ? rest : rest[..end];
        bool wasSkipping = isSkipping;
        if (!wasSkipping)
        {
            int room = maxLength - line.Length;
            isSkipping = WasCut = text.Length > room;
            text = isSkipping ? text[..room] : text;
            line.Append(text);
        }

        bool wasJustCut = isSkipping && !wasSkipping;
        if (wasJustCut)
        {
            position += text.Length;
            return true;
        }

        if (end < 0)
        {
            position = count;
            return false;
        }

        followsCarriageReturn = rest[end] == '\r';
        position += end + 1;
        isSkipping = false;
        return !wasSkipping;
    }
}
