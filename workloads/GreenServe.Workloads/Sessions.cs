using System.ComponentModel.DataAnnotations;

namespace GreenServe.Workloads;

/// <summary>
/// Requests as turns of conversations. The prompt of each turn begins with the conversation so far: the inputs of the earlier
/// turns, and as many tokens as their outputs asked for.
/// </summary>
public sealed record Sessions
{
    /// <summary>
    /// Number of turns in a conversation. As many consecutive requests of the schedule form one conversation, sent in order by one
    /// user of the closed loop. The last conversation may be shorter.
    /// </summary>
    /// <value>From 1 to 1000.</value>
    [Range(1, 1000)]
    public required int Turns { get; init; }
}
