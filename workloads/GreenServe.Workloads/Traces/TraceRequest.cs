namespace GreenServe.Workloads.Traces;

/// <summary>One request of a trace.</summary>
/// <param name="ArrivalSeconds">When it arrived, from the first row of the file (or the start of the slice) (s).</param>
/// <param name="InputTokens">Prompt length, at least 1.</param>
/// <param name="OutputTokens">Output length, at least 1.</param>
public readonly record struct TraceRequest(double ArrivalSeconds, int InputTokens, int OutputTokens);
