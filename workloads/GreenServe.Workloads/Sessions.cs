using System.ComponentModel.DataAnnotations;

namespace GreenServe.Workloads;

/// <summary>
/// Requests as turns of conversations. Each turn's prompt begins with everything before it: the earlier turns' own input, and as many
/// tokens as their outputs asked for.
/// </summary>
public sealed record Sessions
{
    /// <summary>
    /// Turns of a conversation: so many consecutive requests of the schedule make one, sent in order by one user of the closed loop. The
    /// last conversation may be shorter.
    /// </summary>
    /// <value>From 1 to 1000.</value>
    [Range(1, 1000)]
    public required int Turns { get; init; }
}
