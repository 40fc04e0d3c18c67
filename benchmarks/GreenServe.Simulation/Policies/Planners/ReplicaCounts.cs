namespace GreenServe.Simulation.Policies.Planners;

/// <summary>Numbers of servers that process prompts and that decode.</summary>
/// <param name="Prefill">Servers that process prompts.</param>
/// <param name="Decode">Servers that decode.</param>
internal readonly record struct ReplicaCounts(int Prefill, int Decode)
{
    /// <summary>At least so many of each.</summary>
    internal ReplicaCounts AtLeast(ReplicaCounts floor) => new(Math.Max(Prefill, floor.Prefill), Math.Max(Decode, floor.Decode));

    /// <summary>At most so many more or fewer than now, of each.</summary>
    internal ReplicaCounts Within(int change, ReplicaCounts now) => new(
        Math.Clamp(Prefill, now.Prefill - change, now.Prefill + change),
        Math.Clamp(Decode, now.Decode - change, now.Decode + change));
}

/// <summary>The power that a planner may give out: the caps of all servers that are on add up to at most the limit.</summary>
/// <param name="PrefillWatts">Power that a server which processes prompts may draw, in watts.</param>
/// <param name="DecodeWatts">Power that a server which decodes may draw, in watts.</param>
/// <param name="LimitWatts">The limit, in watts; infinite for none.</param>
/// <param name="MinReplicas">Least number of servers of each role.</param>
internal sealed record PowerBudget(double PrefillWatts, double DecodeWatts, double LimitWatts, int MinReplicas)
{
    /// <summary>Power of a number of servers at their caps, in watts.</summary>
    internal double Watts(ReplicaCounts counts) => (counts.Prefill * PrefillWatts) + (counts.Decode * DecodeWatts);

    /// <summary>
    /// As many of the wanted servers as the limit allows. The least number of decoding servers is set aside, those that process prompts are
    /// cut in proportion, and decoding gets what is left, never more than was wanted. Nothing fits where not even the least numbers do.
    /// </summary>
    /// <param name="wanted">The wanted servers.</param>
    internal ReplicaCounts Clamp(ReplicaCounts wanted)
    {
        if (Watts(wanted) <= LimitWatts)
        {
            return wanted;
        }

        double leastDecodeWatts = MinReplicas * DecodeWatts;
        if (LimitWatts < (MinReplicas * PrefillWatts) + leastDecodeWatts)
        {
            return new ReplicaCounts(0, 0);
        }

        int fitting = (int)Math.Floor((LimitWatts - leastDecodeWatts) / PrefillWatts);
        int scaled = (int)Math.Floor(wanted.Prefill * LimitWatts / Watts(wanted));
        int prefill = Math.Max(MinReplicas, Math.Min(fitting, scaled));
        int left = (int)Math.Floor((LimitWatts - (prefill * PrefillWatts)) / DecodeWatts);
        return new ReplicaCounts(prefill, Math.Max(MinReplicas, Math.Min(wanted.Decode, left)));
    }
}
