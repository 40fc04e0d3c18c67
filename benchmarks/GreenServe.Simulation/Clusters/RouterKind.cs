namespace GreenServe.Simulation.Clusters;

/// <summary>How a cluster chooses the instance for a request. Ties go to the instance with the lowest number.</summary>
public enum RouterKind
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest unfinished requests.</summary>
    LeastRequests,

    /// <summary>The one with the fewest tokens, asked and to come, of unfinished requests (join the shortest queue).</summary>
    LeastTokens,
}
