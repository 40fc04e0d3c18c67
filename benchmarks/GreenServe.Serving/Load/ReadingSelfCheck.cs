using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>How well a client's reading side kept up.</summary>
/// <param name="ReceiptClock">Where receipt times come from: <c>kernel</c> or <c>user</c>.</param>
/// <param name="ReceiveLags">Time from a chunk's arrival in the kernel to its being read; <c>null</c> where the kernel does not tell.</param>
/// <param name="BusySeconds">Time the busiest reading thread was not waiting (s); <c>null</c> where it is not known.</param>
public sealed record ReadingSelfCheck(string ReceiptClock, LatencyHistogram? ReceiveLags, double? BusySeconds);
