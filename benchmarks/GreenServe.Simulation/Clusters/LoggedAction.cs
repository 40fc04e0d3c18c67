using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters;

/// <summary>A decision of a policy whose effect may still be to come.</summary>
internal sealed class LoggedAction(double atSeconds, ActionKind kind, int? server, int? instance, string setting, string reason)
{
    /// <summary>Time at which it took effect, in seconds from the start of the run; <c>null</c> before that.</summary>
    internal double? EffectiveSeconds { get; set; }

    /// <summary>Why it was refused; <c>null</c> if it was accepted.</summary>
    internal string? Refusal { get; init; }

    /// <summary>The decision with what is known of its effect now.</summary>
    internal ControlAction Known => new(atSeconds, kind, server, instance, setting, reason, EffectiveSeconds, Refusal);
}
