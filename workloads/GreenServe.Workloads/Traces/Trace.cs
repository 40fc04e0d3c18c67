namespace GreenServe.Workloads.Traces;

/// <summary>Requests as a service recorded them.</summary>
/// <param name="Requests">In order of arrival; the first of the file, or the start of the slice, is second 0.</param>
/// <param name="RowsWithoutTokens">Rows left out because their input or output had no tokens (failed requests, mostly).</param>
/// <param name="Format">The format the file was in.</param>
public sealed record Trace(IReadOnlyList<TraceRequest> Requests, long RowsWithoutTokens, TraceFormat Format);

/// <summary>One request of a trace.</summary>
/// <param name="ArrivalSeconds">When it arrived, from the first row of the file (or the start of the slice) (s).</param>
/// <param name="InputTokens">Prompt length, at least 1.</param>
/// <param name="OutputTokens">Output length, at least 1.</param>
public readonly record struct TraceRequest(double ArrivalSeconds, int InputTokens, int OutputTokens);
