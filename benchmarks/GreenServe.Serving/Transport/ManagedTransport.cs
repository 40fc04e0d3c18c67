using System.Net;
using System.Net.Sockets;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport;

/// <summary>
/// Opens connections on the runtime's own sockets, which every platform has. The receipt time is the time at which the runtime hands the
/// bytes over.
/// </summary>
internal sealed class ManagedTransport : ITransport
{
    public string ReceiptClock => "user";

    public async ValueTask<TransportStream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        Socket socket = new(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(peer, cancellationToken).ConfigureAwait(false);
            return new ManagedTransportStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public LatencyHistogram? ReadReceiveLags() => null;

    public double? ReadBusySeconds() => null;

    public void Dispose()
    {
    }
}
