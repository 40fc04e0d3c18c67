using GreenServe.Records.Requests;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>The outcome of one simulated request. Times are in seconds from the start of the run.</summary>
/// <param name="Request">The request as scheduled.</param>
/// <param name="Replica">Number of the instance that served it last, from 0; <c>null</c> if no instance had it when the run ended.</param>
/// <param name="IssuedSeconds">Time at which it was sent.</param>
/// <param name="FirstTokenSeconds">Time of its first token; <c>null</c> if it got none.</param>
/// <param name="CompletedSeconds">Time of its last token; <c>null</c> if it was unfinished when the run ended.</param>
/// <param name="OutputTokens">Number of tokens that it got.</param>
/// <param name="TbtP99Seconds">
/// 99th percentile of its token gaps, in seconds; <c>null</c> for an unfinished request and for one of fewer than two tokens.
/// </param>
/// <param name="TbtMaxSeconds">
/// Longest of its token gaps, in seconds; <c>null</c> for an unfinished request and for one of fewer than two tokens.
/// </param>
/// <param name="EnergyJoules">Energy charged to it, in joules.</param>
/// <param name="PrefillEnergyJoules">
/// The part of its energy that its prompt used, in joules. What is computed again after a preemption is included.
/// </param>
public readonly record struct RequestOutcome(
    ScheduledRequest Request,
    int? Replica,
    double IssuedSeconds,
    double? FirstTokenSeconds,
    double? CompletedSeconds,
    int OutputTokens,
    double? TbtP99Seconds,
    double? TbtMaxSeconds,
    double EnergyJoules,
    double PrefillEnergyJoules)
{
    /// <summary>Why the policy of a cluster rejected the request; <c>null</c> if it did not.</summary>
    public string? Rejection { get; init; }

    /// <summary>Completed, refused because a policy rejected it, or cancelled because the run ended before the last token.</summary>
    public RequestStatus Status =>
        CompletedSeconds is not null ? RequestStatus.Completed
        : Rejection is not null ? RequestStatus.Refused
        : RequestStatus.Cancelled;
}
