using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Compares the energy counter of a device with the integral of its averaged power over the same window.</summary>
/// <param name="Scope">What the joules of both readings cover.</param>
/// <param name="Device">The device; <c>null</c> where it is not known.</param>
/// <param name="Counter">The reading of the counter, which was measured.</param>
/// <param name="Averaged">The reading from averaged power, which was measured.</param>
public sealed record EnergyCrossCheck(MeterScope Scope, string? Device, EnergyReading Counter, EnergyReading Averaged)
{
    /// <summary>Largest tolerated disagreement beyond both edge errors, as a share of the counter's energy.</summary>
    public const double LimitRatio = 0.05;

    /// <summary>Averaged energy minus the counter's, as a share of the counter's energy.</summary>
    public double DifferenceRatio => (Averaged.Joules!.Value - Counter.Joules!.Value) / Counter.Joules.Value;

    /// <summary>
    /// Tolerated disagreement in this window as a share of the counter's energy: <see cref="LimitRatio"/> plus both edge errors.
    /// </summary>
    public double AllowedRatio => LimitRatio + ((Counter.EdgeErrorJoules!.Value + Averaged.EdgeErrorJoules!.Value) / Counter.Joules!.Value);

    /// <summary>Whether the two readings disagree by no more than <see cref="AllowedRatio"/>.</summary>
    public bool Agrees => Math.Abs(DifferenceRatio) <= AllowedRatio;
}
