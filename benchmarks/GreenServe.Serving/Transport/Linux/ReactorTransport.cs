using System.Net;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>
/// Opens connections that a few threads read, each of which waits on one epoll. The kernel stamps every segment when it arrives. A receipt
/// time is therefore right even where the reading thread is late, and the lag of the thread is known as well.
/// </summary>
/// <param name="readers">Number of reading threads, at least 1.</param>
internal sealed class ReactorTransport(int readers) : ITransport
{
    private readonly Reactor[] reactors = [.. Enumerable.Range(0, readers).Select(number => new Reactor(number))];
    private int next = -1;

    public string ReceiptClock => reactors[0].HasKernelStamps ? "kernel" : "user";

    public async ValueTask<TransportStream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken)
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
