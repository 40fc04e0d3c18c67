namespace GreenServe.Metering.Sampling;

/// <summary>Finds a meter's refresh period from when its value changed, while it is read several times per refresh.</summary>
internal sealed class RefreshObserver
{
    /// <summary>Changes to see before a period is believed.</summary>
    internal const int ChangesNeeded = 5;

    /// <summary>A distance counts only if no two reads in it, nor around its ends, lay further apart than this share of it.</summary>
    private const double LargestGapRatio = 0.34;

    private const int Kept = 256;

    private readonly List<double> distances = [];
    private double? lastReadSeconds;
    private double lastValue;
    private double? lastChangeSeconds;
    private double widestGapSeconds;

    /// <summary>Median distance of changes (s); <c>null</c> until enough were seen.</summary>
    internal double? PeriodSeconds => distances.Count < ChangesNeeded ? null : Quantile(0.5);

    /// <summary>Distances seen.</summary>
    internal int Count => distances.Count;

    /// <summary>A quantile of the distances (s); there must be some.</summary>
    internal double Quantile(double share)
    {
        double[] sorted = [.. distances.Order()];
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    /// <summary>Takes a reading.</summary>
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
