using System.Buffers;

namespace GreenServe.Serving.Streams;

/// <summary>Reads a response body line by line. A line is taken as soon as its end has been read.</summary>
/// <remarks>
/// A line ends with a line feed, a carriage return or both. After a carriage return alone, the line is complete without a look at the next
/// byte, which may come a token later.
/// </remarks>
internal static class ResponseLines
{
    /// <summary>Longest event (bytes): 1 MB, thousands of times the length of a token's event.</summary>
    internal const int MaxEventBytes = 1024 * 1024;

    /// <summary>Size of the first buffer (bytes): several events of the usual length. It doubles for longer lines.</summary>
    private const int FirstBufferBytes = 4096;

    /// <summary>A mark that some servers put before the first line.</summary>
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a body to its end.</summary>
    /// <param name="body">The response body.</param>
    /// <param name="lines">Takes the lines.</param>
    /// <param name="reading">Counts the events that the lines make.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StreamFaultException">A line cannot count, or no event ends within <see cref="MaxEventBytes"/>.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    internal static async Task ReadAsync(Stream body, ILineTaker lines, OutputReading reading, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            Position position = default;
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(position.Filled), cancellationToken).ConfigureAwait(false)) > 0)
            {
                int events = reading.Events;
                position.Filled += read;
                TakeLines(buffer, ref position, lines);
                position.BytesSinceEvent = reading.Events == events ? position.BytesSinceEvent + read : 0;
                if (position.BytesSinceEvent > MaxEventBytes)
                {
                    throw reading.TooLong(MaxEventBytes);
                }

                buffer = position.Filled == buffer.Length ? Grow(buffer) : buffer;
            }

            lines.TakeEnd(buffer.AsSpan(0, position.Filled));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes every complete line and moves the rest to the beginning of the buffer.</summary>
    private static void TakeLines(byte[] buffer, ref Position position, ILineTaker lines)
    {
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, position.Filled);
        int start = 0;
        int searchFrom = position.Searched;
        while (start < bytes.Length)
        {
            if (position.IsAfterCarriageReturn)
            {
                position.IsAfterCarriageReturn = false;
                start += bytes[start] == '\n' ? 1 : 0;
                searchFrom = start;
            }

            int length = bytes[searchFrom..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                break;
            }

            int end = searchFrom + length;
            position.IsAfterCarriageReturn = bytes[end] == '\r';
            ReadOnlySpan<byte> line = bytes[start..end];
            lines.Take(position.IsAfterFirstLine || !line.StartsWith(ByteOrderMark) ? line : line[ByteOrderMark.Length..]);
            position.IsAfterFirstLine = true;
            start = searchFrom = end + 1;
        }

        bytes[start..].CopyTo(buffer);
        position.Filled -= start;
        position.Searched = position.Filled;
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Where the reading of a body stands.</summary>
    private struct Position
    {
        /// <summary>Bytes in the buffer, from its beginning.</summary>
        internal int Filled;

        /// <summary>Bytes of the buffer in which no line ends.</summary>
        internal int Searched;

        /// <summary>Bytes read since the last event, including comments.</summary>
        internal long BytesSinceEvent;

        /// <summary>Whether the last line ended with a carriage return, so that a line feed may still belong to its end.</summary>
        internal bool IsAfterCarriageReturn;

        /// <summary>Whether a line has been taken.</summary>
        internal bool IsAfterFirstLine;
    }
}

/// <summary>Takes the lines of a response body.</summary>
internal interface ILineTaker
{
    /// <summary>Takes a line, without its end.</summary>
    void Take(ReadOnlySpan<byte> line);

    /// <summary>Takes the end of the body.</summary>
    /// <param name="rest">The bytes after the last line end; often none.</param>
    void TakeEnd(ReadOnlySpan<byte> rest);
}
