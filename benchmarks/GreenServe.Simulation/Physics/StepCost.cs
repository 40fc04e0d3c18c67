namespace GreenServe.Simulation.Physics;

/// <summary>Time and energy of one step, over all accelerators of the instance.</summary>
/// <param name="Seconds">Duration of the step, in seconds.</param>
/// <param name="Joules">Energy of the step, in joules.</param>
/// <param name="PrefillJoules">The part of the energy that is charged to prompts, in joules.</param>
/// <param name="SecondsPerContextToken">Time that one more context token adds at this clock, in seconds.</param>
/// <param name="JoulesPerContextToken">Energy that one more context token adds at this clock, in joules.</param>
/// <param name="ClockRatio">Clock of the step relative to the highest clock, in (0, 1].</param>
public readonly record struct StepCost(
    double Seconds, double Joules, double PrefillJoules, double SecondsPerContextToken, double JoulesPerContextToken, double ClockRatio)
{
    /// <summary>Whether the power cap lowered the clock.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Whether the step draws more than the power cap even at the lowest clock.</summary>
    public bool MissesCap { get; init; }

    /// <summary>Lower ends of the uncertainty of time and energy; <c>null</c> at the highest clock, where there is none.</summary>
    public StepBound? Low { get; init; }

    /// <summary>Upper ends of the uncertainty of time and energy; <c>null</c> at the highest clock, where there is none.</summary>
    public StepBound? High { get; init; }

    /// <summary>Mean power of all accelerators over the step, in watts.</summary>
    public double Watts => Joules / Seconds;
}

/// <summary>One end of the uncertainty of a step's time and energy that comes from its clock.</summary>
/// <param name="Seconds">Duration of the step, in seconds.</param>
/// <param name="Joules">Energy of the step, in joules.</param>
/// <param name="SecondsPerContextToken">Time that one more context token adds, in seconds.</param>
/// <param name="JoulesPerContextToken">Energy that one more context token adds, in joules.</param>
public readonly record struct StepBound(double Seconds, double Joules, double SecondsPerContextToken, double JoulesPerContextToken);
