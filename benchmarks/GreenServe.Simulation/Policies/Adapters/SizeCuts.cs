namespace GreenServe.Simulation.Policies.Adapters;

/// <summary>Levels of request size. They begin at the quantiles of the latest sizes, so that each gets as many requests.</summary>
/// <param name="levels">Number of levels, at least 1.</param>
/// <param name="latestRequests">Number of latest sizes.</param>
internal sealed class SizeCuts(int levels, int latestRequests)
{
    /// <summary>Number of requests between two computations of the cuts.</summary>
    private const int Interval = 100;

    private readonly double[] latest = new double[latestRequests];
    private readonly double[] cuts = new double[levels - 1];
    private long count;

    /// <summary>Enters a size and finds its level, from 0 for the smallest.</summary>
    internal int LevelOf(double size)
    {
        latest[count % latestRequests] = size;
        count++;
        if (count % Interval == 0)
        {
            double[] sorted = [.. latest.Take((int)Math.Min(count, latestRequests)).Order()];
            for (int cut = 0; cut < cuts.Length; cut++)
            {
                cuts[cut] = sorted[(cut + 1) * sorted.Length / levels];
            }
        }

        int level = 0;
        while (level < cuts.Length && size >= cuts[level])
        {
            level++;
        }

        return level;
    }
}
