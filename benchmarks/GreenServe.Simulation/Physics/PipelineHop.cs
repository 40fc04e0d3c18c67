using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>Passing activations from one pipeline stage to the next.</summary>
/// <param name="FixedSeconds">Latency of all hops of a step (s).</param>
/// <param name="SecondsPerToken">Added by each token (s).</param>
internal readonly record struct PipelineHop(double FixedSeconds, double SecondsPerToken)
{
    private const double ActivationBytes = 2;

    /// <summary>Hops of a system: over the link between two accelerators; none with one stage.</summary>
    internal static PipelineHop For(SimulatedSystem system)
    {
        int hops = system.Knobs.PipelineParallelism - 1;
        return hops == 0 || system.Gpu.AllReduce is not [AllReduceRating link, ..]
            ? default
            : new PipelineHop(hops * link.LatencySeconds, hops * system.Model.HiddenSize * ActivationBytes / link.BytesPerSecond);
    }

    internal double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
