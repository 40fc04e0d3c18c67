namespace GreenServe.Engine.Runners;

/// <summary>Chooses a token from scores on the CPU. Every runner chooses tokens by the definition of this class.</summary>
/// <remarks>
/// The tokens are put in order of falling score. Of tokens with the same score, the one with the lower id comes first. The shortest prefix
/// whose probability reaches top-p is kept. The chosen token is the first one whose cumulative probability exceeds
/// <see cref="TokenChoice.Uniform"/> times the kept probability.
/// </remarks>
/// <param name="vocabularySize">The number of scores in a row.</param>
public sealed class TokenSampler(int vocabularySize)
{
    // A smaller weight cannot be reached by a uniform number of 53 bits over any vocabulary.
    private const double MinWeight = 1e-18;

    private readonly float[] keys = new float[vocabularySize];
    private readonly int[] order = new int[vocabularySize];

    /// <summary>Chooses a token by the scores of all tokens.</summary>
    /// <param name="scores">The model's scores, one a token. The scores of forbidden tokens are overwritten with negative infinity.</param>
    /// <param name="choice">How to choose.</param>
    /// <returns>The id of the chosen token.</returns>
    public int Choose(Span<float> scores, in TokenChoice choice)
    {
        foreach (int token in choice.Forbidden.Span)
        {
            scores[token] = float.NegativeInfinity;
        }

        int likeliest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(scores);
        return choice.IsGreedy ? likeliest : Sample(scores, scores[likeliest], choice);
    }

    private int Sample(ReadOnlySpan<float> scores, float highest, in TokenChoice choice)
    {
        double total = 0;
        int candidates = 0;
        double inverse = 1 / choice.Temperature;
        for (int token = 0; token < scores.Length; token++)
        {
            double weight = Math.Exp((scores[token] - highest) * inverse);
            total += weight;

            if (weight > MinWeight)
            {
                keys[candidates] = -scores[token];
                order[candidates++] = token;
            }
        }

        // An array sort is not stable, so tokens with equal scores are put in order of their ids afterwards.
        Array.Sort(keys, order, 0, candidates);
        OrderTies(candidates);
        double kept = KeptProbability(candidates, highest, inverse, total, choice.TopP);
        double target = choice.Uniform * kept;
        double cumulative = 0;
        for (int rank = 0; rank < candidates; rank++)
        {
            cumulative += Math.Exp((-keys[rank] - highest) * inverse) / total;
            if (cumulative > target)
            {
                return order[rank];
            }
        }

        return order[candidates - 1];
    }

    private double KeptProbability(int candidates, float highest, double inverse, double total, double topP)
    {
        double kept = 0;
        for (int rank = 0; rank < candidates && kept < topP; rank++)
        {
            kept += Math.Exp((-keys[rank] - highest) * inverse) / total;
        }

        return kept;
    }

    private void OrderTies(int candidates)
    {
        for (int first = 0; first < candidates;)
        {
            int end = first + 1;
            while (end < candidates && keys[end] == keys[first])
            {
                end++;
            }

            if (end - first > 1)
            {
                Array.Sort(order, first, end - first);
            }

            first = end;
        }
    }
}

/// <summary>How the next token of a sequence is chosen from the model's scores.</summary>
/// <param name="Temperature">The softmax temperature, at least 0. A temperature of 0 chooses the likeliest token.</param>
/// <param name="TopP">The share of the probability from which the token is sampled, in (0, 1].</param>
/// <param name="Uniform">
/// The random number in [0, 1) that picks the token. The caller makes it from the request's seed and the index of the token, so that a
/// request samples the same tokens whatever runs beside it.
/// </param>
/// <param name="Forbidden">The token ids that must not be chosen. It may be empty.</param>
public readonly record struct TokenChoice(double Temperature, double TopP, double Uniform, ReadOnlyMemory<int> Forbidden)
{
    /// <summary>The choice of the likeliest token.</summary>
    public static TokenChoice Greedy { get; } = new(0, 1, 0, default);

    /// <summary>Whether this choice takes the likeliest token.</summary>
    public bool IsGreedy => Temperature <= 0;
}
