namespace GreenServe.Records.Slos;

/// <summary>Latencies of a typical request of one class that is served alone. Slowdown limits are multiples of them.</summary>
/// <param name="Class">Request class, for example <c>SM</c>.</param>
/// <param name="TtftSeconds">Time to first token (s).</param>
/// <param name="TbtSeconds">Mean time between tokens (s).</param>
/// <param name="E2eSeconds">Time to the last token (s).</param>
/// <param name="System">The system it was served on, for example <c>8 x A100-80GB-SXM</c>.</param>
public sealed record IsolatedLatency(string Class, double TtftSeconds, double TbtSeconds, double E2eSeconds, string System);
