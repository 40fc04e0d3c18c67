using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>A contract that lets requests be slower than nominal, all but a share of them by no more than a multiple.</summary>
/// <param name="slowdownRatio">The multiple, at least 1.</param>
/// <param name="excessShare">The share of requests that may be slower still, from 0 to 1.</param>
internal sealed class FlexContract(double slowdownRatio, double excessShare)
{
    private long requests;
    private long slowRequests;

    /// <summary>How much slower than nominal requests may be now: 1 once more requests than allowed were too slow.</summary>
    internal double AllowedSlowdownRatio => slowRequests > excessShare * Math.Max(1, requests) ? 1 : slowdownRatio;

    /// <summary>Takes a completed request into account.</summary>
    /// <param name="tpotSeconds">Its mean time between tokens, in seconds.</param>
    /// <param name="instance">The instance that served it.</param>
    /// <param name="cluster">The cluster, which has step models.</param>
    internal void Note(double tpotSeconds, IInstanceView instance, IClusterView cluster)
    {
        int sequences = instance.DecodingRequests + 1;
        long context = instance.ContextTokens + (instance.ContextTokens / Math.Max(1, instance.DecodingRequests));
        double nominalSeconds = cluster.Model(instance.System.AtClock(null)).Cost(StepShape.Decode(sequences, context)).Seconds;
        requests++;
        slowRequests += tpotSeconds > slowdownRatio * nominalSeconds ? 1 : 0;
    }
}
