using System.Buffers;
using GreenServe.Serving.Buffers;

namespace GreenServe.Serving.Streams;

/// <summary>Cuts a response body into lines. A line is taken as soon as its end has come, where its bytes lie.</summary>
/// <remarks>
/// <para>
/// A line ends with a line feed, a carriage return or both. After a carriage return alone, the line is complete without a look at the next
/// byte, which may come a token later.
/// </para>
/// <para>Only the beginning of a line whose end has not come yet is copied, and only then does a response need memory of its own.</para>
/// </remarks>
/// <param name="taker">Takes the lines.</param>
/// <param name="reading">Counts the events that the lines make.</param>
internal sealed class ResponseLines(ILineTaker taker, OutputReading reading) : IDisposable
{
    /// <summary>Longest event (bytes): 1 MB, thousands of times the length of a token's event.</summary>
    internal const int MaxEventBytes = 1024 * 1024;

    /// <summary>Size of the buffer into which a body is read (bytes): several events of the usual length.</summary>
    private const int ReadBytes = 4096;

    /// <summary>Length of a usual line (bytes): the event of a token.</summary>
    private const int FirstLineBytes = 512;

    private readonly PartialLine beginning = new(FirstLineBytes);
    private long bytesSinceEvent;
    private bool isAfterCarriageReturn;
    private bool isAfterFirstLine;

    /// <summary>A mark that some servers put before the first line.</summary>
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a body to its end.</summary>
    /// <param name="body">The response body.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StreamFaultException">A line cannot count, or no event ends within <see cref="MaxEventBytes"/>.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    internal async Task ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                Take(buffer.AsSpan(0, read));
            }

            TakeEnd();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes the next bytes of the body.</summary>
    /// <exception cref="StreamFaultException">A line cannot count, or no event ends within <see cref="MaxEventBytes"/>.</exception>
    internal void Take(ReadOnlySpan<byte> bytes)
    {
        int events = reading.Events;
        TakeLines(bytes);
        bytesSinceEvent = reading.Events == events ? bytesSinceEvent + bytes.Length : 0;
        if (bytesSinceEvent > MaxEventBytes)
        {
            throw reading.TooLong(MaxEventBytes);
        }
    }

    /// <summary>Takes the end of the body.</summary>
    /// <exception cref="StreamFaultException">The last line cannot count.</exception>
    internal void TakeEnd() => taker.TakeEnd(beginning.Bytes);

    /// <summary>Returns the memory of the response to the pool.</summary>
    public void Dispose() => beginning.Dispose();

    private void TakeLines(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (isAfterCarriageReturn)
            {
                isAfterCarriageReturn = false;
                if (bytes[0] == '\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            int length = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                beginning.Append(bytes);
                return;
            }

            isAfterCarriageReturn = bytes[length] == '\r';
            TakeLine(bytes[..length]);
            bytes = bytes[(length + 1)..];
        }
    }

    private void TakeLine(ReadOnlySpan<byte> end)
    {
        ReadOnlySpan<byte> line = beginning.Complete(end);
        taker.Take(isAfterFirstLine || !line.StartsWith(ByteOrderMark) ? line : line[ByteOrderMark.Length..]);
        isAfterFirstLine = true;
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
