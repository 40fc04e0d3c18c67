using System.Net.Sockets;

namespace GreenServe.Serving.Transport;

/// <summary>A connection on a socket of the runtime.</summary>
/// <param name="socket">A connected socket. It is disposed with the stream.</param>
/// <remarks>
/// Receipt times are always of the system's clock, since the kernel's time stamps, which another transport has, are converted to it too.
/// </remarks>
internal sealed class ManagedTransportStream(Socket socket) : TransportStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return FinishReadAsync(reading);
        }

        LastReceiptTimestamp = TimeProvider.System.GetTimestamp();
        return reading;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        MeetUser();
        try
        {
            while (buffer.Length > 0)
            {
                buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    internal override void Abort() => socket.Dispose();

    protected override void Dispose(bool disposing)
    {
        socket.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> FinishReadAsync(ValueTask<int> reading)
    {
        try
        {
            int count = await reading.ConfigureAwait(false);
            LastReceiptTimestamp = TimeProvider.System.GetTimestamp();
            return count;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
