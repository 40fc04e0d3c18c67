using GreenServe.Simulation.Engines;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>What the host does each step while the accelerators wait, and sampling. Neither follows the accelerator's clock.</summary>
/// <param name="StepSeconds">Each step (s).</param>
/// <param name="SequenceSeconds">Each sequence in the step (s).</param>
/// <param name="SamplingSeconds">Each sampled token, on the accelerator (s).</param>
public readonly record struct HostWork(double StepSeconds, double SequenceSeconds, double SamplingSeconds)
{
    /// <summary>The cost of an engine serving a model.</summary>
    public static HostWork For(EngineCosts costs, ModelDefinition model) =>
        new(costs.StepSeconds, costs.SequenceSeconds, costs.SamplingSecondsPerEntry * model.VocabularySize);

    /// <summary>Time (s) of a step, sampling left out.</summary>
    public double Seconds(int sequences) => StepSeconds + (SequenceSeconds * sequences);
}
