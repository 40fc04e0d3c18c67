namespace GreenServe.Simulation.Policies.Adapters;

/// <summary>
/// Shares an instance out among levels of request size, so that small requests do not wait behind large ones and large ones do not starve.
/// The levels that have requests get equal shares of the sizes that are served (start-time fair queueing).
/// </summary>
/// <param name="levels">Number of levels, at least 1.</param>
internal sealed class FairLevels(int levels)
{
    private const double RanksPerSize = 1e6;
    private readonly double[] ends = new double[levels];
    private double virtualTime;

    /// <summary>Rank of a request that arrives: the virtual time at which its level has its turn again.</summary>
    /// <param name="level">Its level, from 0.</param>
    /// <param name="size">Its size, above 0.</param>
    internal long Rank(int level, double size)
    {
        double start = Math.Max(virtualTime, ends[level]);
        ends[level] = start + size;
        return (long)(start * RanksPerSize);
    }

    /// <summary>Notes that a request has begun, so that levels without requests keep no claim on the past.</summary>
    /// <param name="rank">Its rank.</param>
    internal void NoteBegun(long rank) => virtualTime = Math.Max(virtualTime, rank / RanksPerSize);
}
