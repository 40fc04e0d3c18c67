using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Workloads;

/// <summary>
/// Requests as turns of conversations. The prompt of each turn begins with the conversation so far: the inputs of the earlier
/// turns, and as many tokens as their outputs asked for. Conversations of a dataset hold its own messages instead.
/// </summary>
public sealed record Sessions
{
    /// <summary>
    /// Number of turns in a conversation. As many consecutive requests of the schedule form one conversation, sent in order. The last
    /// conversation may be shorter. With a dataset it is the number of turns that are taken of a conversation at most.
    /// </summary>
    /// <value>From 1 to 1000; <c>null</c>, only with a dataset, takes all turns of each conversation.</value>
    [Range(1, 1000)]
    public int? Turns { get; init; }

    /// <summary>
    /// Time from the end of a turn to the sending of the next one in an open loop, in seconds. A delay that a dataset states takes its
    /// place. In a closed loop the arrival states the think time.
    /// </summary>
    /// <value>From 0 to 1000000; default 0.</value>
    [Range(0, 1_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // Workloads without it keep their canonical form and its hash.
    public double ThinkSeconds { get; init; }
}
