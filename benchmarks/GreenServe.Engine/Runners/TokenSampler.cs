namespace GreenServe.Engine.Runners;

/// <summary>Chooses a token from scores on the CPU. Every runner follows this definition.</summary>
/// <remarks>
/// Tokens in order of falling score, the lower id first among equals; the shortest prefix whose probability reaches top-p is kept; the
/// token is the first whose cumulative probability exceeds uniform x the kept probability.
/// </remarks>
/// <param name="vocabularySize">Length of a row of scores.</param>
public sealed class TokenSampler(int vocabularySize)
{
    private readonly float[] keys = new float[vocabularySize];
    private readonly int[] order = new int[vocabularySize];

    /// <summary>Chooses a token.</summary>
    /// <param name="scores">The model's scores; forbidden tokens are set to negative infinity in it.</param>
    /// <param name="choice">How to choose.</param>
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

            // A weight this small cannot be reached by a uniform number of 53 bits over any vocabulary.
            if (weight > 1e-18)
            {
                keys[candidates] = -scores[token];
                order[candidates++] = token;
            }
        }

        // An array sort is not stable: equal scores are put in order of their ids afterwards by comparing ids.
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
