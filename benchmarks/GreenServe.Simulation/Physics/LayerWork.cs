using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// The weights of the layers as work. Every weight counts as one of the format that the system is set to. Weights of experts, whose
/// products are slower, and weights that stay in 16 bits count as the number of such weights that would take the same time or energy.
/// </summary>
/// <param name="ComputeTime">Weights that would take the same time to compute with.</param>
/// <param name="MemoryTime">Weights that would take the same time to read.</param>
/// <param name="ComputeEnergy">Weights that would take the same energy to compute with.</param>
/// <param name="Bytes">Weights that have the same bytes.</param>
internal readonly record struct LayerWork(
    ModelWeights ComputeTime, ModelWeights MemoryTime, ModelWeights ComputeEnergy, ModelWeights Bytes)
{
    /// <summary>The work of a model's layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="costs">Costs of the engine.</param>
    /// <param name="precision">Format of the weights.</param>
    /// <param name="rating">Speed of products in that format.</param>
    /// <param name="wide">Speed of products with the weights that stay in 16 bits.</param>
    internal static LayerWork For(
        ModelDefinition model, EngineCosts costs, Precision precision, PrecisionRating rating, PrecisionRating wide)
    {
        ModelWeights plain = ModelWeights.Of(model);
        ModelWeights slow = plain with { WeightsPerExpert = plain.WeightsPerExpert / costs.Experts.EfficiencyShare };
        if (!WeightFormat.KeepsDenseWeightsWide(model, precision))
        {
            return new LayerWork(slow, slow, plain, plain);
        }

        double bytes = WeightFormat.BytesPerWeight(Precision.Bf16) / WeightFormat.BytesPerWeight(precision);
        double peaks = rating.PeakFlopsPerSecond / wide.PeakFlopsPerSecond;
        return new LayerWork(
            Dense(slow, peaks * rating.ComputeEfficiency / wide.ComputeEfficiency),
            Dense(slow, bytes * rating.MemoryEfficiency / wide.MemoryEfficiency),
            Dense(plain, peaks * wide.ComputePowerRatio / rating.ComputePowerRatio),
            Dense(plain, bytes));
    }

    private static ModelWeights Dense(in ModelWeights weights, double factor) =>
        weights with { DenseWeights = weights.DenseWeights * factor };
}
