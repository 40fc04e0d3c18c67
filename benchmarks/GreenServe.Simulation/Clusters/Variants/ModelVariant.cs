using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters.Variants;

/// <summary>A model or precision that instances can serve in place of their own.</summary>
public sealed record ModelVariant
{
    /// <summary>The model; <c>null</c> for that of the group.</summary>
    public ModelDefinition? Model { get; init; }

    /// <summary>Number format of weights and matrix products; <c>null</c> for that of the group.</summary>
    public Precision? Precision { get; init; }

    /// <summary>How good its answers are; <c>null</c> where that is not stated.</summary>
    public ModelQuality? Quality { get; init; }

    /// <summary>Whether every instance keeps its weights in memory beside those that it serves.</summary>
    public bool FitsBeside { get; init; }

    /// <summary>Whether an instance serves this model at this precision.</summary>
    /// <param name="system">The instance.</param>
    /// <param name="own">The instance as the cluster file has it, with the model and precision of its group.</param>
    internal bool IsServedBy(SimulatedSystem system, SimulatedSystem own) =>
        system.Model == (Model ?? own.Model) && system.Precision == (Precision ?? own.Precision);

    /// <summary>An instance that serves the variant.</summary>
    /// <param name="system">The instance with its present knobs.</param>
    /// <param name="own">The instance as the cluster file has it.</param>
    /// <param name="all">Every variant of the cluster.</param>
    internal SimulatedSystem On(SimulatedSystem system, SimulatedSystem own, IEnumerable<ModelVariant> all) => WithBeside(
        system with
        {
            Model = Model ?? own.Model,
            Knobs = system.Knobs with { Precision = Precision ?? own.Knobs.Precision },
        },
        own,
        all);

    /// <summary>An instance that keeps the weights of variants in memory beside those that it serves.</summary>
    /// <param name="system">The instance.</param>
    /// <param name="own">The instance as the cluster file has it.</param>
    /// <param name="all">Every variant of the cluster.</param>
    internal static SimulatedSystem WithBeside(SimulatedSystem system, SimulatedSystem own, IEnumerable<ModelVariant> all) => system with
    {
        BesideBytes = all.Where(other => other.FitsBeside && !other.IsServedBy(system, own)).Sum(other => other.WeightBytes(own)),
    };

    private double WeightBytes(SimulatedSystem own) =>
        KeyValueMemory.WeightBytes(Model ?? own.Model, Precision ?? own.Precision, tensorParallelism: 1);
}
