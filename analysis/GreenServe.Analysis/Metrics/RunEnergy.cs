using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy and power over the steady window of a run, for one scope.</summary>
public sealed record RunEnergy
{
    /// <summary>What the joules cover; <c>null</c> when nothing was measured.</summary>
    public MeterScope? Scope { get; init; }

    /// <summary>How they came to be; the worst of the devices. <c>null</c> when nothing was measured.</summary>
    public EnergySource? Source { get; init; }

    /// <summary>Whether a model stands behind the number instead of a reading.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Energy of all devices of the scope (J), with its measurement error bound.</summary>
    public required Reading Joules { get; init; }

    /// <summary>The part of the error bound that comes from the window's edges (J).</summary>
    public double? EdgeErrorJoules { get; init; }

    /// <summary>Gain error of the sensors as a share; <c>null</c> if not stated.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>Window energy / window length (W).</summary>
    public required Reading MeanWatts { get; init; }

    /// <summary>Highest power (W); <see cref="PeakBasis"/> says over how long.</summary>
    public required Reading PeakWatts { get; init; }

    /// <summary>Over how long the peak was taken, and from what.</summary>
    public string? PeakBasis { get; init; }

    /// <summary>Energy above what the loaded but idle devices would have used (J).</summary>
    public required Reading DynamicJoules { get; init; }

    /// <summary>Averaged power integral / counter difference - 1; <c>null</c> unless both were read.</summary>
    public double? CrossCheckRatio { get; init; }

    /// <summary>What the meter chosen for each device says; empty where the energy is of engine steps.</summary>
    public IReadOnlyList<EnergyReading> Devices { get; init; } = [];

    /// <summary>What speaks against the number: a window too short for its meters, meters that disagree.</summary>
    public IReadOnlyList<VerdictReason> Reasons { get; init; } = [];

    /// <summary>Energy of every scope that has a meter (J). Scopes that contain each other are never added.</summary>
    public IReadOnlyDictionary<MeterScope, Reading> ByScope { get; init; } = new Dictionary<MeterScope, Reading>();

    /// <summary>No energy, and why.</summary>
    public static RunEnergy Missing(string why) => new()
    {
        Joules = Reading.Missing(why),
        MeanWatts = Reading.Missing(why),
        PeakWatts = Reading.Missing(why),
        DynamicJoules = Reading.Missing(why),
    };
}
