namespace GreenServe.Metering.Characterization;

/// <summary>What metering at default rates costs: processor time, and the load's own step time.</summary>
/// <param name="Kind">Kind of load.</param>
/// <param name="Pairs">Pairs of phases with and without metering, in alternating order.</param>
/// <param name="StepTimeChangeRatio">Mean over pairs of (with - without) / without.</param>
/// <param name="StepTimeChangeErrorRatio">Two standard errors of that mean over pairs; <c>null</c> for fewer than two pairs.</param>
/// <param name="MeteringCpuCores">Processor time of all metering threads over the time metered, in cores.</param>
/// <param name="Calls">Reads made.</param>
public sealed record InterferenceResult(
    string Kind, int Pairs, double StepTimeChangeRatio, double? StepTimeChangeErrorRatio, double MeteringCpuCores, double Calls)
{
    /// <summary>From median step times (s) of phases without and with metering.</summary>
    internal static InterferenceResult Of(string kind, IReadOnlyList<(double Without, double With)> pairs, double meteringCpuCores, double calls)
    {
        double[] changes = [.. pairs.Select(pair => (pair.With - pair.Without) / pair.Without)];
        double mean = changes.Average();
        double? error = changes.Length < 2
            ? null
            : 2 * Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1) / changes.Length);
        return new InterferenceResult(kind, changes.Length, mean, error, meteringCpuCores, calls);
    }
}
