using GreenServe.Metering.IdlePower;

namespace GreenServe.Metering.Characterization;

/// <summary>The measured properties of a machine's meters.</summary>
/// <param name="MeasuredAt">When the characterization began.</param>
/// <param name="Gpus">The GPUs with driver, clocks and caps, one line each.</param>
/// <param name="WithoutLoad">Refresh periods and call costs without load.</param>
/// <param name="UnderLoad">Refresh periods and call costs under load.</param>
/// <param name="Idle">The power of cool GPUs with no process on them.</param>
/// <param name="LoadedIdle">The power with the weights of the load in memory and nothing to do.</param>
/// <param name="Loads">The steady loads, one for each kind.</param>
/// <param name="Interference">What metering costs; <c>null</c> if nobody asked for it.</param>
public sealed record CharacterizationReport(
    DateTimeOffset MeasuredAt,
    IReadOnlyList<string> Gpus,
    IReadOnlyList<MeterProbeResult> WithoutLoad,
    IReadOnlyList<MeterProbeResult> UnderLoad,
    BaselineReading Idle,
    BaselineReading LoadedIdle,
    IReadOnlyList<SteadyLoadResult> Loads,
    InterferenceResult? Interference);

/// <summary>The cost of metering at default rates: processor time, and the change of a load's step time.</summary>
/// <param name="Kind">The kind of load.</param>
/// <param name="Pairs">The number of pairs of phases with and without metering, in alternating order.</param>
/// <param name="StepTimeChangeRatio">The mean over pairs of (with - without) / without.</param>
/// <param name="StepTimeChangeErrorRatio">Two standard errors of that mean; <c>null</c> for fewer than two pairs.</param>
/// <param name="MeteringCpuCores">The processor time of all metering threads over the time metered, in cores.</param>
/// <param name="Calls">The number of reads.</param>
public sealed record InterferenceResult(
    string Kind, int Pairs, double StepTimeChangeRatio, double? StepTimeChangeErrorRatio, double MeteringCpuCores, double Calls)
{
    /// <summary>Compares the phases of each pair.</summary>
    /// <param name="kind">The kind of load.</param>
    /// <param name="pairs">The median step times (s) of the phases without and with metering, at least one pair.</param>
    /// <param name="meteringCpuCores">The processor time of all metering threads over the time metered, in cores.</param>
    /// <param name="calls">The number of reads.</param>
    internal static InterferenceResult Of(
        string kind, IReadOnlyList<(double Without, double With)> pairs, double meteringCpuCores, double calls)
    {
        double[] changes = [.. pairs.Select(pair => (pair.With - pair.Without) / pair.Without)];
        double mean = changes.Average();
        double? error = changes.Length < 2
            ? null
            : 2 * Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1) / changes.Length);
        return new InterferenceResult(kind, changes.Length, mean, error, meteringCpuCores, calls);
    }
}
