namespace GreenServe.Records.Requests;

/// <summary>What happened to one request; one row of <c>requests.csv</c>. Times are seconds from the start of the run.</summary>
/// <param name="Id">Number of the request in the schedule, from 0.</param>
/// <param name="Class">Request class by the lengths asked, for example <c>SM</c>.</param>
/// <param name="ScheduledSeconds">When the schedule wanted it sent.</param>
/// <param name="IssuedSeconds">When it was sent; <c>null</c> if it never was.</param>
/// <param name="FirstTokenSeconds">When its first output token was received; <c>null</c> if none was.</param>
/// <param name="CompletedSeconds">When it ended, well or not; <c>null</c> if it had not when the run did.</param>
/// <param name="InputTokensAsked">Input length wanted (tokens).</param>
/// <param name="InputTokensCounted">Input length the server counted (tokens); <c>null</c> if it did not say.</param>
/// <param name="OutputTokensAsked">Output length wanted (tokens).</param>
/// <param name="OutputTokensCounted">Output length delivered (tokens); <c>null</c> if not known.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Error">Category and message of a failure; <c>null</c> for a completed request.</param>
/// <param name="ServerId">The server's name for it, or the replica that served it; <c>null</c> if not known.</param>
public sealed record RequestRecord(
    long Id,
    string Class,
    double ScheduledSeconds,
    double? IssuedSeconds,
    double? FirstTokenSeconds,
    double? CompletedSeconds,
    int InputTokensAsked,
    int? InputTokensCounted,
    int OutputTokensAsked,
    int? OutputTokensCounted,
    RequestStatus Status,
    string? Error = null,
    string? ServerId = null)
{
    /// <summary>Time it waited for a free place under the client's own concurrency cap (s); <c>null</c> without a cap.</summary>
    /// <remarks>Part of issued - scheduled, but no fault of the load generator.</remarks>
    public double? ClientQueueSeconds { get; init; }

    /// <summary>99th percentile of this request's own token gaps (s); <c>null</c> below two tokens or if not kept.</summary>
    public double? TbtP99Seconds { get; init; }

    /// <summary>Longest of this request's token gaps (s); <c>null</c> below two tokens or if not kept.</summary>
    public double? TbtMaxSeconds { get; init; }

    /// <summary>Energy attributed to this request (J) where the backend knows; <c>null</c> where only windows were metered.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Share of <see cref="EnergyJoules"/> used by its prefill (J); <c>null</c> like it.</summary>
    public double? PrefillEnergyJoules { get; init; }
}
