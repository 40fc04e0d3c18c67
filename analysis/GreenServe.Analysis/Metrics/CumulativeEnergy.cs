namespace GreenServe.Analysis.Metrics;

/// <summary>Energy since a start as a function of time, linear between its points.</summary>
/// <param name="seconds">Times (s), ascending; repeats allowed.</param>
/// <param name="joules">Energy up to each time (J), ascending.</param>
internal sealed class CumulativeEnergy(double[] seconds, double[] joules)
{
    internal double FirstSecond => seconds[0];

    internal double LastSecond => seconds[^1];

    /// <summary>Energy between two times (J); beyond the ends nothing is added.</summary>
    internal double Between(double from, double to) => At(to) - At(from);

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
