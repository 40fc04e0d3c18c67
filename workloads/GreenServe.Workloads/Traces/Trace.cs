namespace GreenServe.Workloads.Traces;

/// <summary>Requests as a service recorded them.</summary>
/// <param name="Requests">
/// The requests in order of arrival. Second 0 is the first row of the file, or the start of the slice.
/// </param>
/// <param name="RowsWithoutTokens">
/// Number of rows left out because their input or output had no tokens; most are failed requests.
/// </param>
/// <param name="Format">Format of the file.</param>
public sealed record Trace(IReadOnlyList<TraceRequest> Requests, long RowsWithoutTokens, TraceFormat Format)
{
    /// <summary>Unit in which the file writes arrivals, in words, for example <c>milliseconds</c>.</summary>
    public string TimestampUnit { get; init; } = "seconds";

    /// <summary>What the prompts of the trace share; <c>null</c> where the file does not say, or where it is not used.</summary>
    public TracePrefixes? Prefixes { get; init; }

    /// <summary>What the file tells and this suite does not use, one sentence each; usually empty.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];
}

/// <summary>One request of a trace.</summary>
/// <param name="ArrivalSeconds">Time of arrival (s from the first row of the file, or from the start of the slice).</param>
/// <param name="InputTokens">Prompt length (tokens), at least 1.</param>
/// <param name="OutputTokens">Output length (tokens), at least 1.</param>
public readonly record struct TraceRequest(double ArrivalSeconds, int InputTokens, int OutputTokens);
