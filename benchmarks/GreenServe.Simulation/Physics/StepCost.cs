namespace GreenServe.Simulation.Physics;

/// <summary>Time and energy of one step, over all accelerators of the instance.</summary>
/// <param name="Seconds">Duration (s).</param>
/// <param name="Joules">Energy (J).</param>
/// <param name="PrefillJoules">The part charged to prefill (J).</param>
/// <param name="SecondsPerContextToken">What one more context token adds to the duration at this clock (s).</param>
/// <param name="JoulesPerContextToken">What one more context token adds to the energy at this clock (J).</param>
/// <param name="ClockRatio">Clock relative to the highest, after throttling.</param>
public readonly record struct StepCost(
    double Seconds, double Joules, double PrefillJoules, double SecondsPerContextToken, double JoulesPerContextToken, double ClockRatio)
{
    /// <summary>Whether the power cap lowered the clock.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Whether even the lowest clock draws more than the cap.</summary>
    public bool MissesCap { get; init; }

    /// <summary>Lower end of the energy's uncertainty; <c>null</c> where it has none.</summary>
    public EnergyBound? Low { get; init; }

    /// <summary>Upper end of the energy's uncertainty; <c>null</c> where it has none.</summary>
    public EnergyBound? High { get; init; }

    /// <summary>Mean power of all accelerators over the step (W).</summary>
    public double Watts => Joules / Seconds;
}
