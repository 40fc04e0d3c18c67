namespace GreenServe.Metering.Sampling;

/// <summary>Finds the refresh period of a meter from when its value changed, while it is read several times per refresh.</summary>
internal sealed class RefreshObserver
{
    /// <summary>The number of distances between changes that must be seen before their median is believed.</summary>
    internal const int ChangesNeeded = 5;

    /// <summary>
    /// A distance counts only if no two reads within it, nor around its ends, lay further apart than this share of it. With a third
    /// of a period between reads no refresh can hide between two of them.
    /// </summary>
    private const double LargestGapRatio = 0.34;

    /// <summary>The number of the newest distances that are kept: enough for quantiles, and few enough to follow a change.</summary>
    private const int Kept = 256;

    private readonly List<double> distances = [];
    private double? lastReadSeconds;
    private double lastValue;
    private double? lastChangeSeconds;
    private double widestGapSeconds;

    /// <summary>The median distance between changes (s); <c>null</c> until enough were seen.</summary>
    internal double? PeriodSeconds => distances.Count < ChangesNeeded ? null : Quantile(0.5);

    /// <summary>The number of distances seen.</summary>
    internal int Count => distances.Count;

    /// <summary>A quantile of the distances (s). There must be some.</summary>
    /// <param name="share">The share of the distances that are at most as long, from 0 to 1.</param>
    internal double Quantile(double share)
    {
        double[] sorted = [.. distances.Order()];
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    /// <summary>Takes a reading.</summary>
    /// <param name="atSeconds">The time of the reading (s).</param>
    /// <param name="value">What the meter showed.</param>
    /// <returns>Whether the value differs from the one before.</returns>
    internal bool Observe(double atSeconds, double value)
    {
        double gap = lastReadSeconds is { } last ? atSeconds - last : 0;
        bool changed = lastReadSeconds is not null && value != lastValue;
        widestGapSeconds = Math.Max(widestGapSeconds, gap);
        if (changed)
        {
            double change = atSeconds - (gap / 2);
            if (lastChangeSeconds is { } before && widestGapSeconds <= LargestGapRatio * (change - before))
            {
                Keep(change - before);
            }

            (lastChangeSeconds, widestGapSeconds) = (change, gap);
        }

        (lastReadSeconds, lastValue) = (atSeconds, value);
        return changed;
    }

    private void Keep(double distance)
    {
        if (distances.Count == Kept)
        {
            distances.RemoveAt(0);
        }

        distances.Add(distance);
    }
}

/// <summary>What a recording found when it looked for the refresh period of a source.</summary>
/// <param name="PeriodSeconds">The refresh period (s); <c>null</c> if the recording looked and found none.</param>
internal sealed record RefreshSearch(double? PeriodSeconds);
