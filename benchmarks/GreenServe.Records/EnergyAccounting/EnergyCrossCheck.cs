using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>The counter of a device against the integral of its averaged power over the same window.</summary>
/// <param name="Scope">What both cover.</param>
/// <param name="Device">The device.</param>
/// <param name="Counter">What the counter says; measured.</param>
/// <param name="Averaged">What the averaged power says; measured.</param>
public sealed record EnergyCrossCheck(MeterScope Scope, string? Device, EnergyReading Counter, EnergyReading Averaged)
{
    /// <summary>Largest disagreement beyond both edge errors that is let pass, as a share of the counter's energy.</summary>
    public const double LimitRatio = 0.05;

    /// <summary>Averaged minus counter, as a share of the counter's energy.</summary>
    public double DifferenceRatio => (Averaged.Joules!.Value - Counter.Joules!.Value) / Counter.Joules.Value;

    /// <summary>Disagreement that is let pass in this window: the limit, and what both edges may be off.</summary>
    public double AllowedRatio => LimitRatio + ((Counter.EdgeErrorJoules!.Value + Averaged.EdgeErrorJoules!.Value) / Counter.Joules!.Value);

    /// <summary>Whether the two agree.</summary>
    public bool Agrees => Math.Abs(DifferenceRatio) <= AllowedRatio;
}
