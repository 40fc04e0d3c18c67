using System.Net;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>
/// Connections read by a few threads of our own, each on one epoll. The kernel stamps every segment when it arrives, so a receipt time
/// is right even when the reading thread is late; how late it was is known too.
/// </summary>
/// <param name="readers">Threads; at least 1.</param>
internal sealed class ReactorTransport(int readers) : ITransport
{
    private readonly Reactor[] reactors = [.. Enumerable.Range(0, readers).Select(number => new Reactor(number))];
    private int next = -1;

    public string ReceiptClock => reactors[0].HasKernelStamps ? "kernel" : "user";

    public async ValueTask<Stream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        Reactor reactor = reactors[(uint)Interlocked.Increment(ref next) % (uint)reactors.Length];
        ReactorStream stream = ReactorStream.Open(reactor, peer);
        try
        {
            await stream.ConnectAsync(peer, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public LatencyHistogram? ReadReceiveLags()
    {
        LatencyHistogram all = new();
        foreach (Reactor reactor in reactors)
        {
            reactor.AddReceiveLagsTo(all);
        }

        return all.Count > 0 ? all : null;
    }

    public double? ReadBusySeconds() => reactors.Max(reactor => reactor.ReadBusySeconds());

    public void Dispose()
    {
        foreach (Reactor reactor in reactors)
        {
            reactor.Dispose();
        }
    }
}
