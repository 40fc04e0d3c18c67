using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy and power over the steady window of a run, for the one scope that results are given for.</summary>
/// <remarks>
/// The joules of meters are computed in one place, <see cref="WindowEnergy"/>, for every scope. This record is what a result shows of
/// them: one scope, or the engine's steps where no meter gives a reading, with peak and dynamic energy, and with reasons in place of
/// missing numbers.
/// </remarks>
public sealed record RunEnergy
{
    /// <summary>Scope of the joules; <c>null</c> when nothing was measured.</summary>
    public MeterScope? Scope { get; init; }

    /// <summary>Source of the joules, for several devices the worst; <c>null</c> when nothing was measured.</summary>
    public EnergySource? Source { get; init; }

    /// <summary>Whether the number comes from a power model instead of a reading.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Energy of all devices of the scope (J), with its measurement error bound.</summary>
    public required Reading Joules { get; init; }

    /// <summary>The part of the error bound that comes from the window's edges (J).</summary>
    public double? EdgeErrorJoules { get; init; }

    /// <summary>Largest gain error of the sensors as a share; <c>null</c> if none is stated.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>Mean power (W): window energy divided by window length.</summary>
    public required Reading MeanWatts { get; init; }

    /// <summary>Highest power (W). <see cref="PeakBasis"/> says over how long it was averaged.</summary>
    public required Reading PeakWatts { get; init; }

    /// <summary>Source of the peak and the time over which it is a mean, in words; <c>null</c> if there is no peak.</summary>
    public string? PeakBasis { get; init; }

    /// <summary>Energy above what the devices would have used with the weights loaded and no request (J).</summary>
    public required Reading DynamicJoules { get; init; }

    /// <summary>Integral of the averaged power divided by the counters' difference, minus 1; <c>null</c> unless both were read.</summary>
    public double? CrossCheckRatio { get; init; }

    /// <summary>The reading of the meter that was chosen for each device; empty where the energy is that of engine steps.</summary>
    public IReadOnlyList<EnergyReading> Devices { get; init; } = [];

    /// <summary>Energy of every scope that has a meter (J). Scopes that contain each other are never added.</summary>
    public IReadOnlyDictionary<MeterScope, Reading> ByScope { get; init; } = new Dictionary<MeterScope, Reading>();

    /// <summary>An energy that was not measured.</summary>
    /// <param name="reason">Why it was not measured, in words for a user.</param>
    public static RunEnergy Missing(string reason) => new()
    {
        Joules = Reading.Missing(reason),
        MeanWatts = Reading.Missing(reason),
        PeakWatts = Reading.Missing(reason),
        DynamicJoules = Reading.Missing(reason),
    };
}

/// <summary>Source from which an energy was computed, best first.</summary>
public enum EnergySource
{
    /// <summary>The difference of an energy counter.</summary>
    Counter,

    /// <summary>The integral of power readings, by trapezoids.</summary>
    AveragedPower,

    /// <summary>The sum over engine steps, which state their energy. In simulated records a power model computes it.</summary>
    Steps,
}
