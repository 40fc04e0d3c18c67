using System.Net.Sockets;

namespace GreenServe.Serving.Transport;

/// <summary>A connection on a socket of the runtime.</summary>
/// <param name="socket">A connected socket. It is disposed with the stream.</param>
/// <remarks>
/// Receipt times are always of the system's clock, since the kernel's time stamps, which another transport has, are converted to it too.
/// </remarks>
internal sealed class ManagedTransportStream(Socket socket) : TransportStream
{
    // A socket that can be read and has no bytes has reached its end.
    internal override bool IsOpen => IsQuiet || Available > 0;

    internal override bool IsQuiet
    {
        get
        {
            try
            {
                return !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    private int Available
    {
        get
        {
            try
            {
                return socket.Available;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return FinishReadAsync(reading);
        }

        return ValueTask.FromResult(Note(reading.Result));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginWrite();
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
            return Note(await reading.ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private int Note(int count)
    {
        LastReceiptTimestamp = TimeProvider.System.GetTimestamp();
        BytesSinceWrite += count;
        return count;
    }
}
