using GreenServe.Simulation.Engines;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Work of the host in each step, and sampling. Part of the host's work makes the accelerators wait, and part of it runs beside them.
/// Nothing of it depends on the accelerators' clock.
/// </summary>
/// <param name="StepSeconds">Work of each step that makes the accelerators wait, in seconds.</param>
/// <param name="PromptStepSeconds">Further work of a step with prompt tokens that makes the accelerators wait, in seconds.</param>
/// <param name="SequenceSeconds">Work for each sequence in the step that makes the accelerators wait, in seconds.</param>
/// <param name="SamplingSeconds">Time to sample one token on the accelerator, in seconds.</param>
/// <param name="OverlappedStepSeconds">Work of each step that runs beside the accelerators, in seconds.</param>
/// <param name="OverlappedSequenceSeconds">Work for each sequence in the step that runs beside the accelerators, in seconds.</param>
internal readonly record struct HostWork(
    double StepSeconds,
    double PromptStepSeconds,
    double SequenceSeconds,
    double SamplingSeconds,
    double OverlappedStepSeconds,
    double OverlappedSequenceSeconds)
{
    /// <summary>The host work of an engine that serves a model.</summary>
    /// <param name="costs">Costs of the engine.</param>
    /// <param name="model">The model.</param>
    /// <param name="tensorParallelism">Number of accelerators that share each layer.</param>
    /// <param name="stages">Number of pipeline stages.</param>
    internal static HostWork For(EngineCosts costs, ModelDefinition model, int tensorParallelism = 1, int stages = 1)
    {
        double exchangeSeconds = tensorParallelism > 1 ? AllReduce.EachLayer * costs.OverlappedExchangeSeconds : 0;
        double sharedSeconds = tensorParallelism > 1 ? costs.TensorParallelStepSeconds : 0;
        int turns = costs.StagesShareHost ? stages : 1;
        HostWork work = new(
            turns * (costs.StepSeconds + sharedSeconds),
            turns * costs.PromptStepSeconds,
            turns * (costs.SequenceSeconds + ((tensorParallelism - 1) * costs.TensorParallelSequenceSeconds)),
            costs.SamplingSecondsPerEntry * model.VocabularySize,
            turns * (costs.OverlappedLayerSeconds + exchangeSeconds) * model.Layers,
            turns * costs.OverlappedSequenceSeconds);
        return costs.OverlapsHost ? work.Beside() : work;
    }

    /// <summary>Work of a step that has prompt tokens that runs beside the accelerators, in seconds.</summary>
    private double OverlappedPromptStepSeconds { get; init; }

    /// <summary>
    /// Time by which the work beside the accelerators outlasts the accelerators' own work, in seconds: the soft maximum of both less the
    /// latter. The caller leaves attention over cached tokens out of the latter, so that a step stays linear in its context.
    /// </summary>
    /// <param name="shape">What the step works on.</param>
    /// <param name="acceleratorSeconds">Work of the accelerators in the step, in seconds.</param>
    internal double ExcessSeconds(in StepShape shape, double acceleratorSeconds)
    {
        double beside = OverlappedStepSeconds + (OverlappedSequenceSeconds * shape.Sequences)
            + (shape.PrefillTokens > 0 ? OverlappedPromptStepSeconds : 0);
        return beside <= 0 ? 0 : SoftMaximum.Of(beside, acceleratorSeconds) - acceleratorSeconds;
    }

    /// <summary>Work of a step that makes the accelerators wait, in seconds.</summary>
    internal double Seconds(in StepShape shape) => StepSeconds + (SequenceSeconds * shape.Sequences) + PromptSeconds(shape);

    /// <summary>The part of that work that a step has for its prompt tokens alone, in seconds.</summary>
    internal double PromptSeconds(in StepShape shape) => shape.PrefillTokens > 0 ? PromptStepSeconds : 0;

    /// <summary>This host work with every part of it moved beside the accelerators, so that none of it makes them wait.</summary>
    private HostWork Beside() => this with
    {
        StepSeconds = 0,
        PromptStepSeconds = 0,
        SequenceSeconds = 0,
        OverlappedStepSeconds = OverlappedStepSeconds + StepSeconds,
        OverlappedPromptStepSeconds = PromptStepSeconds,
        OverlappedSequenceSeconds = OverlappedSequenceSeconds + SequenceSeconds,
    };
}
