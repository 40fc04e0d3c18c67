namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>The best of the instances that are offered for a request. It begins without one.</summary>
internal struct InstanceChoice
{
    private int rank;
    private double cost;

    /// <summary>Number of the best instance so far; <c>null</c> if none was offered.</summary>
    internal int? Instance { get; private set; }

    /// <summary>Whether the best instance belongs to the pool of the request and serves it in time.</summary>
    internal readonly bool IsOwnInTime => Instance is not null && rank == 0;

    /// <summary>Offers an instance.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="isOwn">Whether it belongs to the pool of the request.</param>
    /// <param name="dominates">Whether the pool that it belongs to is for requests at least as long.</param>
    /// <param name="joules">Energy that the request adds to it, in joules; <c>null</c> where it cannot serve the request in time.</param>
    /// <param name="loadRatio">Its requests over those that it has at its capacity.</param>
    internal void Offer(int instance, bool isOwn, bool dominates, double? joules, double loadRatio)
    {
        int offered = joules is not null ? (isOwn ? 0 : 1) : dominates ? 2 : 3;
        double offeredCost = joules ?? loadRatio;
        if (Instance is null || offered < rank || (offered == rank && offeredCost < cost))
        {
            (Instance, rank, cost) = (instance, offered, offeredCost);
        }
    }
}
