using GreenServe.Workloads.Models;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Simulation.Physics;

/// <summary>Number of a model's weights by kind, from its shape. Biases and norms, less than 0.1 % of them, are left out.</summary>
/// <param name="DenseWeights">
/// Weights of the layers that every token passes through: attention, router, and the feed-forward network of a dense model.
/// </param>
/// <param name="WeightsPerExpert">Weights of one expert, summed over the layers; 0 for a dense model.</param>
/// <param name="Experts">Number of experts of each layer; 1 for a dense model.</param>
/// <param name="ExpertsPerToken">Number of experts that each token passes through; 0 for a dense model.</param>
/// <param name="HeadWeights">Weights of the output head.</param>
/// <param name="EmbeddingWeights">Weights of the input embedding; 0 where it shares those of the head.</param>
internal readonly record struct ModelWeights(
    double DenseWeights, double WeightsPerExpert, int Experts, int ExpertsPerToken, double HeadWeights, double EmbeddingWeights)
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
            DenseWeights: model.Layers * (attention + (mixture ? hidden * model.Experts : feedForward)),
            WeightsPerExpert: mixture ? model.Layers * feedForward : 0,
            Experts: model.Experts,
            ExpertsPerToken: mixture ? model.ExpertsPerToken : 0,
            HeadWeights: head,
            EmbeddingWeights: model.TiedEmbedding ? 0 : head);
    }

    /// <summary>Weights of all layers.</summary>
    internal double LayerWeights => DenseWeights + (WeightsPerExpert * Experts);

    /// <summary>Weights of the layers that one token passes through.</summary>
    internal double WeightsPerToken => DenseWeights + (WeightsPerExpert * ExpertsPerToken);

    /// <summary>Number of all weights.</summary>
    internal double TotalWeights => LayerWeights + HeadWeights + EmbeddingWeights;

    /// <summary>
    /// Expected number of weights of the layers that a step of <paramref name="tokens"/> tokens reads. If each of n tokens chooses k of E
    /// experts evenly and independently, the step reads <c>E·(1 - (1 - k/E)^n)</c> experts. Tokens that choose alike amount to
    /// <c>n^exponent</c> independent ones.
    /// </summary>
    /// <param name="tokens">Number of tokens of the step.</param>
    /// <param name="choiceExponent">The exponent, in (0, 1]; 1 for independent choices.</param>
    internal double TouchedWeights(int tokens, double choiceExponent = 1)
    {
        if (WeightsPerExpert == 0)
        {
            return DenseWeights;
        }

        double missed = 1 - ((double)ExpertsPerToken / Experts);
        double untouched = choiceExponent == 1
            ? Power(missed, tokens)
            : PortableMath.Power(missed, PortableMath.Power(tokens, choiceExponent));
        return DenseWeights + (WeightsPerExpert * Experts * (1 - untouched));
    }

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
