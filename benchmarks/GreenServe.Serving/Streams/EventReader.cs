using System.Buffers;
using System.Net.ServerSentEvents;
using GreenServe.Records.Requests;

namespace GreenServe.Serving.Streams;

/// <summary>Reads a whole response body event by event.</summary>
internal static class EventReader
{
    /// <summary>Size of the first buffer for lines (bytes): several events of the usual length. It doubles for longer lines.</summary>
    private const int FirstBufferBytes = 4096;

    /// <summary>
    /// Reads server-sent events (<c>text/event-stream</c>), with comments, any line ends, and fields that are split over several reads.
    /// </summary>
    /// <exception cref="StreamFaultException">An event cannot count.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    internal static async Task ReadServerSentEventsAsync(Stream body, OutputReading reading, CancellationToken cancellationToken)
    {
        await using BoundedStream bounded = new(body, reading);
        SseParser<bool> parser = SseParser.Create(bounded, (_, data) => reading.Take(data));
        await foreach (SseItem<bool> _ in parser.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            // The item parser above has done the work, on the bytes themselves.
        }
    }

    /// <summary>Reads one JSON object a line.</summary>
    /// <exception cref="StreamFaultException">A line cannot count.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    internal static async Task ReadLinesAsync(Stream body, OutputReading reading, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            int filled = 0;
            int read;
            do
            {
                read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                filled += read;
                int used = TakeLines(buffer.AsSpan(0, filled), reading, isEnd: read == 0);
                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                buffer = filled == buffer.Length ? Grow(buffer) : buffer;
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes every complete line, and returns how many bytes were taken.</summary>
    private static int TakeLines(ReadOnlySpan<byte> bytes, OutputReading reading, bool isEnd)
    {
        int used = 0;
        while (used < bytes.Length)
        {
            int length = bytes[used..].IndexOf((byte)'\n');
            if (length < 0 && !isEnd)
            {
                break;
            }

            ReadOnlySpan<byte> line = length < 0 ? bytes[used..] : bytes.Slice(used, length);
            used += length < 0 ? line.Length : length + 1;
            reading.Take(line.TrimEnd((byte)'\r'));
        }

        return used;
    }

    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= BoundedStream.MaxEventBytes)
        {
            throw new StreamFaultException(RequestStatus.Malformed, $"a line of more than {BoundedStream.MaxEventBytes} bytes");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
