using GreenServe.Simulation.Engines;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>What the host does each step while the accelerators wait, and sampling. Neither follows the accelerator's clock.</summary>
/// <param name="StepSeconds">Each step (s).</param>
/// <param name="SequenceSeconds">Each sequence in the step (s).</param>
/// <param name="SamplingSeconds">Each sampled token, on the accelerator (s).</param>
/// <param name="OverlappedStepSeconds">Each step, beside the accelerator (s).</param>
/// <param name="OverlappedSequenceSeconds">Each sequence in the step, beside the accelerator (s).</param>
public readonly record struct HostWork(
    double StepSeconds, double SequenceSeconds, double SamplingSeconds, double OverlappedStepSeconds, double OverlappedSequenceSeconds)
{
    /// <summary>The cost of an engine serving a model.</summary>
    /// <param name="costs">The engine's.</param>
    /// <param name="model">The model.</param>
    /// <param name="tensorParallelism">Accelerators that share each layer.</param>
    public static HostWork For(EngineCosts costs, ModelDefinition model, int tensorParallelism = 1) => new(
        costs.StepSeconds,
        costs.SequenceSeconds,
        costs.SamplingSecondsPerEntry * model.VocabularySize,
        (costs.OverlappedLayerSeconds + (tensorParallelism > 1 ? AllReduce.EachLayer * costs.OverlappedExchangeSeconds : 0)) * model.Layers,
        costs.OverlappedSequenceSeconds);

    /// <summary>
    /// Time (s) by which work beside the accelerator outlasts what the accelerator does meanwhile: the soft maximum of both, less the latter.
    /// Attention over cached tokens is left out of the latter, so that a step stays linear in its context.
    /// </summary>
    /// <param name="sequences">Sequences in the step.</param>
    /// <param name="acceleratorSeconds">What the accelerator does meanwhile (s).</param>
    public double ExcessSeconds(int sequences, double acceleratorSeconds)
    {
        double beside = OverlappedStepSeconds + (OverlappedSequenceSeconds * sequences);
        return beside <= 0 ? 0 : SoftMaximum.Of(beside, acceleratorSeconds) - acceleratorSeconds;
    }

    /// <summary>Time (s) of a step that neither sampling nor overlapped work is part of.</summary>
    public double Seconds(int sequences) => StepSeconds + (SequenceSeconds * sequences);
}
