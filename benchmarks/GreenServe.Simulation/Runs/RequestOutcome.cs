using GreenServe.Records.Requests;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>What happened to one simulated request. Times are seconds from the start of the run.</summary>
/// <param name="Request">The request as scheduled.</param>
/// <param name="Replica">The instance that served it, from 0.</param>
/// <param name="IssuedSeconds">When it was sent.</param>
/// <param name="FirstTokenSeconds">When its first token came; <c>null</c> if none did.</param>
/// <param name="CompletedSeconds">When its last token came; <c>null</c> if it had not when the run ended.</param>
/// <param name="OutputTokens">Tokens it got.</param>
/// <param name="TbtP99Seconds">99th percentile of its token gaps (s); <c>null</c> below two tokens.</param>
/// <param name="TbtMaxSeconds">Longest of its token gaps (s); <c>null</c> below two tokens.</param>
/// <param name="EnergyJoules">Energy charged to it (J).</param>
/// <param name="PrefillEnergyJoules">The part used by its prefill, recomputations included (J).</param>
public readonly record struct RequestOutcome(
    ScheduledRequest Request,
    int Replica,
    double IssuedSeconds,
    double? FirstTokenSeconds,
    double? CompletedSeconds,
    int OutputTokens,
    double? TbtP99Seconds,
    double? TbtMaxSeconds,
    double EnergyJoules,
    double PrefillEnergyJoules)
{
    /// <summary>Completed, or cancelled because the run ended first.</summary>
    public RequestStatus Status => CompletedSeconds is null ? RequestStatus.Cancelled : RequestStatus.Completed;
}
