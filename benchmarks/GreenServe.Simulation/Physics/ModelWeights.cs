using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Counts of a model's weights (elements), from its shape. Biases and norms are left out: under 0.1 %.</summary>
/// <param name="Dense">Weights of the layers that every token goes through (attention, router, and the feed-forward of a dense model).</param>
/// <param name="PerExpert">Weights of one expert, summed over the layers; 0 for a dense model.</param>
/// <param name="Experts">Experts of each layer; 1 for a dense model.</param>
/// <param name="ExpertsPerToken">Experts each token goes through; 0 for a dense model.</param>
/// <param name="Head">Weights of the output head.</param>
/// <param name="Embedding">Weights of the input embedding; 0 where it shares the head's.</param>
public readonly record struct ModelWeights(double Dense, double PerExpert, int Experts, int ExpertsPerToken, double Head, double Embedding)
{
    /// <summary>The counts of a model.</summary>
    public static ModelWeights Of(ModelDefinition model)
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
    public double AllLayers => Dense + (PerExpert * Experts);

    /// <summary>Weights of the layers that one token goes through.</summary>
    public double PerToken => Dense + (PerExpert * ExpertsPerToken);

    /// <summary>All weights.</summary>
    public double Total => AllLayers + Head + Embedding;

    /// <summary>
    /// Expected weights of the layers that a step of <paramref name="tokens"/> tokens must read: of E experts, k a token, chosen evenly
    /// and independently, <c>E·(1 - (1 - k/E)^n)</c> are touched.
    /// </summary>
    public double Touched(int tokens) =>
        PerExpert == 0 ? Dense : Dense + (PerExpert * Experts * (1 - Power(1 - ((double)ExpertsPerToken / Experts), tokens)));

    /// <summary>A whole power by repeated squaring: the same bits on every machine.</summary>
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
