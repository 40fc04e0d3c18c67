using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Number of a model's weights by kind, from its shape. Biases and norms, less than 0.1 % of them, are left out.</summary>
/// <param name="Dense">
/// Weights of the layers that every token passes through: attention, router, and the feed-forward network of a dense model.
/// </param>
/// <param name="PerExpert">Weights of one expert, summed over the layers; 0 for a dense model.</param>
/// <param name="Experts">Number of experts of each layer; 1 for a dense model.</param>
/// <param name="ExpertsPerToken">Number of experts that each token passes through; 0 for a dense model.</param>
/// <param name="Head">Weights of the output head.</param>
/// <param name="Embedding">Weights of the input embedding; 0 where it shares those of the head.</param>
internal readonly record struct ModelWeights(
    double Dense, double PerExpert, int Experts, int ExpertsPerToken, double Head, double Embedding)
{
    /// <summary>Counts the weights of a model.</summary>
    internal static ModelWeights Of(ModelDefinition model)
    {
        double hidden = model.HiddenSize;
        double attention = hidden * model.HeadSize * ((2.0 * model.Heads) + (2.0 * model.KeyValueHeads));
        double feedForward = model.FeedForwardMatrices * hidden * model.IntermediateSize;
        double head = (double)model.VocabularySize * hidden;
        bool mixture = model.Experts > 1;
        return new ModelWeights(
            Dense: model.Layers * (attention + (mixture ? hidden * model.Experts : feedForward)),
            PerExpert: mixture ? model.Layers * feedForward : 0,
            Experts: model.Experts,
            ExpertsPerToken: mixture ? model.ExpertsPerToken : 0,
            Head: head,
            Embedding: model.TiedEmbedding ? 0 : head);
    }

    /// <summary>Weights of all layers.</summary>
    internal double AllLayers => Dense + (PerExpert * Experts);

    /// <summary>Weights of the layers that one token passes through.</summary>
    internal double PerToken => Dense + (PerExpert * ExpertsPerToken);

    /// <summary>Number of all weights.</summary>
    internal double Total => AllLayers + Head + Embedding;

    /// <summary>
    /// Expected number of weights of the layers that a step of <paramref name="tokens"/> tokens reads. If each of n tokens chooses k of E
    /// experts evenly and independently, the step reads <c>E·(1 - (1 - k/E)^n)</c> experts.
    /// </summary>
    internal double Touched(int tokens) =>
        PerExpert == 0 ? Dense : Dense + (PerExpert * Experts * (1 - Power(1 - ((double)ExpertsPerToken / Experts), tokens)));

    /// <summary>A power with a whole exponent by repeated squaring, which gives the same bits on every machine.</summary>
    private static double Power(double value, int exponent)
    {
        double result = 1;
        for (int rest = exponent; rest > 0; rest >>= 1)
        {
            result = (rest & 1) == 1 ? result * value : result;
            value *= value;
        }

        return result;
    }
}
