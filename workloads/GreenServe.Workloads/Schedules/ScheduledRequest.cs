using GreenServe.Records.Requests;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Schedules;

/// <summary>One request of a schedule.</summary>
/// <param name="Id">Number of the request in the schedule, from 0.</param>
/// <param name="ScheduledSeconds">
/// Time at which the request is to be sent (s from the start of the run), rounded to the microsecond. It is 0 in a closed loop,
/// where a free user sends the next request. For a later turn of a session in an open loop it is the time at which the session arrives:
/// the turn is sent when the one before it has ended.
/// </param>
/// <param name="Class">Request class by the lengths.</param>
/// <param name="InputTokens">Prompt length (tokens), at least 1.</param>
/// <param name="OutputTokens">Output length (tokens), at least 1.</param>
public readonly record struct ScheduledRequest(
    long Id, double ScheduledSeconds, RequestClass Class, int InputTokens, int OutputTokens)
{
    /// <summary>The number after that of its adapter, or 0 for none. It takes half the room of a nullable.</summary>
    private readonly int adapterAfter;

    /// <summary>
    /// Group of requests that begin with the same prefix, for example the turns of a session; <c>null</c> for a unique prefix.
    /// </summary>
    public int? PrefixGroup { get; init; }

    /// <summary>
    /// Length of the prefix that the request shares (tokens): with its group, or with an earlier request whose prompt begins with the same
    /// <see cref="Blocks"/>. For a turn of a session it is the prompt of the turn before. A server can have cached it.
    /// </summary>
    public int SharedPrefixTokens { get; init; }

    /// <summary>
    /// Number of this turn in its session, from 0; <c>null</c> for a request that stands alone. The session is the
    /// <see cref="PrefixGroup"/>, and the prompt of each turn is the beginning of the session's text.
    /// </summary>
    public int? Turn { get; init; }

    /// <summary>The blocks that the prompt begins with, from a trace; <c>null</c> where it has none.</summary>
    public PromptBlocks? Blocks { get; init; }

    /// <summary>
    /// The conversation of a dataset whose messages the prompt holds; <c>null</c> for a generated prompt. The turn is <see cref="Turn"/>,
    /// or the first one for a request that stands alone.
    /// </summary>
    public Conversation? Conversation { get; init; }

    /// <summary>
    /// Time that the user of a closed loop thinks before sending the request (s). Before its first request it is the time at which the user
    /// begins. In an open loop it is the time from the end of the turn before to the sending of this one.
    /// </summary>
    public double ThinkSeconds { get; init; }

    /// <summary>Name of its priority; <c>null</c> where the workload states none.</summary>
    public string? Priority { get; init; }

    /// <summary>Number of the adapter that it needs, from 0; <c>null</c> for the model alone.</summary>
    public int? Adapter
    {
        get => adapterAfter == 0 ? null : adapterAfter - 1;
        init => adapterAfter = value + 1 ?? 0;
    }
}
