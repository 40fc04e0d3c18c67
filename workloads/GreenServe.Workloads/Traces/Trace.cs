namespace GreenServe.Workloads.Traces;

/// <summary>Requests as a service recorded them.</summary>
/// <param name="Requests">In order of arrival; the first of the file, or the start of the slice, is second 0.</param>
/// <param name="RowsWithoutTokens">Rows left out because their input or output had no tokens (failed requests, mostly).</param>
/// <param name="Format">The format the file was in.</param>
public sealed record Trace(IReadOnlyList<TraceRequest> Requests, long RowsWithoutTokens, TraceFormat Format);
