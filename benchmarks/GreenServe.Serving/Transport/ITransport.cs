using System.Net;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport;

/// <summary>Opens connections and keeps account of how late their bytes are read. Thread-safe.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Where receipt times come from: <c>kernel</c> or <c>user</c>.</summary>
    string ReceiptClock { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The peer refused or could not be reached.</exception>
    ValueTask<Stream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken);

    /// <summary>Time from a chunk's arrival in the kernel to its being read; <c>null</c> where the kernel does not tell. A copy.</summary>
    LatencyHistogram? ReadReceiveLags();

    /// <summary>Seconds that reading threads have spent not waiting, the busiest of them; <c>null</c> where it is not known.</summary>
    double? ReadBusySeconds();
}
