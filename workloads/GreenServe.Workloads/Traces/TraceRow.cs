namespace GreenServe.Workloads.Traces;

/// <summary>One row of a trace file, understood but not judged.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Ticks">Arrival in units of 100 ns from an origin that is the file's own.</param>
/// <param name="InputTokens">Input length as written.</param>
/// <param name="OutputTokens">Output length as written.</param>
internal readonly record struct TraceRow(int Line, long Ticks, long InputTokens, long OutputTokens);
