namespace GreenServe.Records.Systems;

/// <summary>The policy that controlled a simulated cluster during a run.</summary>
public sealed record ControlPolicy
{
    /// <summary>Name of the policy.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Whether the policy read the schedule of the run before it began. Such a policy is an oracle: a bound for others, which nobody can
    /// run.
    /// </summary>
    public bool KnowsFuture { get; init; }
}
