namespace GreenServe.Workloads.Traces;

/// <summary>Percentiles of sorted values, linear between neighbours (Hyndman and Fan's type 7, the default of NumPy and R).</summary>
internal static class Percentile
{
    internal const string Method = "linear interpolation between order statistics (Hyndman-Fan type 7)";

    /// <summary>The value below which a share in [0, 1] of the sorted values lies.</summary>
    internal static double Of(IReadOnlyList<int> sorted, double share)
    {
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((position - below) * (sorted[above] - (double)sorted[below]));
    }
}
