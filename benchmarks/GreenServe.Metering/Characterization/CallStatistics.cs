namespace GreenServe.Metering.Characterization;

/// <summary>What calls into a device cost.</summary>
/// <param name="Calls">How many were made.</param>
/// <param name="MeanSeconds">Mean duration (s).</param>
/// <param name="P50Seconds">Median duration (s).</param>
/// <param name="P99Seconds">99th percentile (s).</param>
/// <param name="LongestSeconds">Longest (s).</param>
/// <param name="ProcessorSecondsPerCall">Processor time of a call, user and kernel (s); <c>null</c> where the system does not say.</param>
public sealed record CallStatistics(
    int Calls, double MeanSeconds, double P50Seconds, double P99Seconds, double LongestSeconds, double? ProcessorSecondsPerCall)
{
    /// <summary>Statistics of durations (s); <c>null</c> of none.</summary>
    internal static CallStatistics? Of(IReadOnlyCollection<double> durations, double? processorSeconds)
    {
        if (durations.Count == 0)
        {
            return null;
        }

        double[] sorted = [.. durations.Order()];
        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
        return new CallStatistics(sorted.Length, sorted.Average(), At(0.5), At(0.99), sorted[^1], processorSeconds / sorted.Length);
    }
}
