namespace GreenServe.Simulation.Control;

/// <summary>A decision of a policy, as it is written to the run's actions.</summary>
/// <param name="AtSeconds">Time of the decision, in seconds from the start of the run.</param>
/// <param name="Kind">What was decided.</param>
/// <param name="Server">Number of the server that it concerns; <c>null</c> for a decision about a request that no server has.</param>
/// <param name="Instance">Number of the instance that it concerns; <c>null</c> for a whole server.</param>
/// <param name="Setting">The new setting as text, with its unit, for example <c>1200 MHz</c> or <c>TP 4 + 4</c>.</param>
/// <param name="Reason">Why, in the words of the policy.</param>
/// <param name="EffectiveSeconds">
/// Time at which it took effect, in seconds from the start of the run; <c>null</c> if it was refused, if a later decision overtook it, or
/// if the run ended before.
/// </param>
/// <param name="Refusal">Why it was refused; <c>null</c> if it was accepted.</param>
public sealed record ControlAction(
    double AtSeconds,
    ActionKind Kind,
    int? Server,
    int? Instance,
    string Setting,
    string Reason,
    double? EffectiveSeconds,
    string? Refusal);

/// <summary>What a policy can decide.</summary>
public enum ActionKind
{
    /// <summary>The clock of an instance.</summary>
    SetClock,

    /// <summary>The power cap of an instance.</summary>
    SetPowerCap,

    /// <summary>The largest batch of an instance.</summary>
    SetMaxBatch,

    /// <summary>The largest number of tokens in a step of an instance.</summary>
    SetStepTokens,

    /// <summary>The part of a request that an instance serves.</summary>
    SetRole,

    /// <summary>The division of a server into instances.</summary>
    Partition,

    /// <summary>The model or precision of an instance.</summary>
    SetVariant,

    /// <summary>The start or wake-up of a server.</summary>
    Start,

    /// <summary>The sleep of a server.</summary>
    Sleep,

    /// <summary>The end of a server's processes.</summary>
    Idle,

    /// <summary>The switching-off of a server.</summary>
    PowerOff,

    /// <summary>The requests of an instance that had not begun, which are routed again.</summary>
    MoveWaiting,

    /// <summary>The instance for a request, where the policy chose one that does not take it. Other choices are in the requests.</summary>
    Route,

    /// <summary>A request that is rejected.</summary>
    Reject,

    /// <summary>A request that waits outside the cluster.</summary>
    Defer,
}
