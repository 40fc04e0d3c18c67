namespace GreenServe.Metering.HostProbes;

/// <summary>Times of equal batches of work: their median, and how much they spread.</summary>
/// <param name="MedianSeconds">Median time of a batch, in seconds.</param>
/// <param name="SpreadRatio">Interquartile range of the times as a share of their median.</param>
internal readonly record struct BatchTimes(double MedianSeconds, double SpreadRatio)
{
    /// <summary>The median and the spread of some times.</summary>
    /// <param name="seconds">The times in seconds, at least one. The order does not matter.</param>
    internal static BatchTimes Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        double median = Quantile(sorted, 0.5);
        return new BatchTimes(median, (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / median);
    }

    /// <summary>Times some batches one after the other.</summary>
    /// <param name="batches">Number of batches.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="batch">The work of one batch.</param>
    internal static BatchTimes Measure(int batches, TimeProvider clock, Action batch)
    {
        double[] seconds = new double[batches];
        for (int index = 0; index < batches; index++)
        {
            long start = clock.GetTimestamp();
            batch();
            seconds[index] = clock.GetElapsedTime(start).TotalSeconds;
        }

        return Of(seconds);
    }

    /// <summary>Linear interpolation between the two nearest of the sorted times.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
