using System.Net;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport;

/// <summary>Opens connections, and measures how late their bytes are read. Implementations are thread-safe.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>
    /// The source of receipt times: <c>kernel</c> for the kernel's time stamp of the arriving bytes, <c>user</c> for the time at which they
    /// were read.
    /// </summary>
    string ReceiptClock { get; }

    /// <summary>Opens a connection to a server.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The peer refused the connection or could not be reached.</exception>
    ValueTask<TransportStream> ConnectAsync(IPEndPoint peer, CancellationToken cancellationToken);

    /// <summary>
    /// Copies the histogram of the time from the arrival of bytes in the kernel to their being read (s); <c>null</c> where the kernel does
    /// not stamp what arrives.
    /// </summary>
    LatencyHistogram? ReadReceiveLags();

    /// <summary>Time that the busiest reading thread has spent not waiting (s); <c>null</c> where it is not known.</summary>
    double? ReadBusySeconds();
}
