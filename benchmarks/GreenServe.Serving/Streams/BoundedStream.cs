using System.Runtime.CompilerServices;
using GreenServe.Records.Requests;

namespace GreenServe.Serving.Streams;

/// <summary>A response body in which no single event may grow without end.</summary>
/// <param name="body">The body.</param>
/// <param name="reading">Who reads the events.</param>
internal sealed class BoundedStream(Stream body, OutputReading reading) : Stream
{
    /// <summary>Longest event (bytes).</summary>
    internal const int LargestEventBytes = 1024 * 1024;

    private int eventsBefore;
    private long bytesSince;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    /// <remarks>Pooled: this runs once for nearly every token.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (reading.Events != eventsBefore)
        {
            eventsBefore = reading.Events;
            bytesSince = 0;
        }

        int count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        bytesSince += count;
        return bytesSince <= LargestEventBytes
            ? count
            : throw new StreamFaultException(RequestStatus.Malformed, $"an event of more than {LargestEventBytes} bytes");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
