using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>Time to pass the activations of a step from each pipeline stage to the next.</summary>
/// <param name="FixedSeconds">Latency of all hops of a step, in seconds.</param>
/// <param name="SecondsPerToken">Time that each token of the step adds, in seconds.</param>
internal readonly record struct PipelineHop(double FixedSeconds, double SecondsPerToken)
{
    /// <summary>Bytes of one activation. Activations stay in 16 bits whatever the format of the weights.</summary>
    private const double ActivationBytes = 2;

    /// <summary>The time for a system, over the link between two of its accelerators; zero with one stage.</summary>
    internal static PipelineHop For(SimulatedSystem system)
    {
        int hops = system.PipelineParallelism - 1;
        return hops == 0 || system.Gpu.AllReduce is not [AllReduceRating link, ..]
            ? default
            : new PipelineHop(hops * link.LatencySeconds, hops * system.Model.HiddenSize * ActivationBytes / link.BytesPerSecond);
    }

    /// <summary>Time of a step of so many tokens, in seconds.</summary>
    internal double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
