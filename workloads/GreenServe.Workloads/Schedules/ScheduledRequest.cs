using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Schedules;

/// <summary>One request of a schedule.</summary>
/// <param name="Id">Number in the schedule, from 0.</param>
/// <param name="ScheduledSeconds">
/// When it is to be sent (s from the start of the run), rounded to the microsecond. It is 0 in a closed loop, where a free user sends the
/// next request.
/// </param>
/// <param name="Class">Class by its lengths.</param>
/// <param name="InputTokens">Prompt length, at least 1.</param>
/// <param name="OutputTokens">Output length, at least 1.</param>
public readonly record struct ScheduledRequest(
    long Id, double ScheduledSeconds, RequestClass Class, int InputTokens, int OutputTokens)
{
    /// <summary>Requests of one group begin with the same prefix, turns of one session too; <c>null</c> for a prefix of its own.</summary>
    public int? PrefixGroup { get; init; }

    /// <summary>
    /// Length of the prefix that the group shares (tokens). For a turn of a session it is the prompt of the turn before, which a server
    /// can have cached.
    /// </summary>
    public int SharedPrefixTokens { get; init; }

    /// <summary>
    /// Number of this turn in its session (which is its <see cref="PrefixGroup"/>), from 0; <c>null</c> for a request that stands alone.
    /// The whole prompt of a turn is the beginning of its session's text.
    /// </summary>
    public int? Turn { get; init; }

    /// <summary>In a closed loop: how long the user thinks before sending it (s).</summary>
    public double ThinkSeconds { get; init; }
}
