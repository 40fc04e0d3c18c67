namespace GreenServe.Analysis.Metrics;

/// <summary>Energy since a start as a function of time, linear between its points.</summary>
/// <param name="seconds">Times (s), ascending; repeats allowed.</param>
/// <param name="joules">Energy up to each time (J), ascending.</param>
internal sealed class CumulativeEnergy(double[] seconds, double[] joules)
{
    internal bool IsEmpty => seconds.Length < 2;

    internal double FirstSecond => seconds[0];

    internal double LastSecond => seconds[^1];

    /// <summary>Energy between two times (J); beyond the ends nothing is added.</summary>
    internal double Between(double from, double to) => At(to) - At(from);

    /// <summary>Highest mean power (W) over stretches of at least <paramref name="leastSeconds"/> inside a window.</summary>
    internal double? PeakWatts(double from, double to, double leastSeconds)
    {
        double? peak = null;
        int begin = 0;
        for (int end = 1; end < seconds.Length && seconds[end] <= to; end++)
        {
            while (begin + 1 < end && (seconds[begin] < from || seconds[end] - seconds[begin + 1] >= leastSeconds))
            {
                begin++;
            }

            double length = seconds[end] - seconds[begin];
            if (seconds[begin] >= from && length >= leastSeconds && length > 0)
            {
                peak = Math.Max(peak ?? 0, (joules[end] - joules[begin]) / length);
            }
        }

        return peak;
    }

    /// <summary>The longest time without a point that touches a window (s).</summary>
    internal double LongestGapSeconds(double from, double to)
    {
        double longest = 0;
        for (int index = 1; index < seconds.Length; index++)
        {
            if (seconds[index] > from && seconds[index - 1] < to)
            {
                longest = Math.Max(longest, seconds[index] - seconds[index - 1]);
            }
        }

        return longest;
    }

    private double At(double time)
    {
        int found = Array.BinarySearch(seconds, time);
        if (found >= 0)
        {
            return joules[found];
        }

        int after = ~found;
        if (after == 0)
        {
            return joules[0];
        }

        if (after == seconds.Length)
        {
            return joules[^1];
        }

        double share = (time - seconds[after - 1]) / (seconds[after] - seconds[after - 1]);
        return joules[after - 1] + (share * (joules[after] - joules[after - 1]));
    }
}
