using GreenServe.Engine.Models;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Drives a runner without a scheduler, so that checks can compare its scores.</summary>
internal static class RunnerProbe
{
    /// <summary>Creates a prompt of token ids that look random but follow from a seed.</summary>
    internal static int[] Prompt(DecoderShape shape, int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(shape.VocabularySize))];
    }

    /// <summary>Runs tokens on a new sequence and returns the scores after the last one.</summary>
    /// <param name="runner">The runner.</param>
    /// <param name="shape">The shape of its decoder.</param>
    /// <param name="tokens">The tokens to run.</param>
    /// <param name="decoded">The number of tokens at the end that run one by one. The tokens before them run as a prompt.</param>
    /// <param name="chunk">The largest number of prompt tokens in one step.</param>
    internal static float[] Scores(
        IDecoderRunner runner, DecoderShape shape, ReadOnlyMemory<int> tokens, int decoded = 0, int chunk = int.MaxValue)
    {
        int sequence = runner.OpenSequence();
        float[] scores = new float[shape.VocabularySize];
        int[] next = new int[1];
        int prompt = tokens.Length - decoded;
        for (int first = 0; first < tokens.Length;)
        {
            int count = first < prompt ? Math.Min(chunk, prompt - first) : 1;
            bool last = first + count == tokens.Length;
            runner.Step([new SequenceWork(sequence, tokens.Slice(first, count), first, last ? TokenChoice.Greedy : null)], next, scores);
            first += count;
        }

        runner.CloseSequence(sequence);
        return scores;
    }

    /// <summary>Returns the scores of several sequences whose last tokens run together in one step.</summary>
    internal static float[][] ScoresTogether(IDecoderRunner runner, DecoderShape shape, int[][] sequences)
    {
        int[] numbers = [.. sequences.Select(_ => runner.OpenSequence())];
        int[] next = new int[sequences.Length];
        for (int index = 0; index < sequences.Length; index++)
        {
            runner.Step([new SequenceWork(numbers[index], sequences[index].AsMemory(0, sequences[index].Length - 1), 0, null)], next);
        }

        float[] scores = new float[sequences.Length * shape.VocabularySize];
        SequenceWork[] work = [.. sequences.Select((tokens, index) =>
            new SequenceWork(numbers[index], tokens.AsMemory(tokens.Length - 1), tokens.Length - 1, TokenChoice.Greedy))];
        runner.Step(work, next, scores);
        Array.ForEach(numbers, runner.CloseSequence);
        return [.. scores.Chunk(shape.VocabularySize)];
    }

    /// <summary>Generates the likeliest tokens after a prompt.</summary>
    internal static int[] Generate(IDecoderRunner runner, int[] prompt, int count)
    {
        int sequence = runner.OpenSequence();
        int[] tokens = new int[count];
        int[] next = new int[1];
        runner.Step([new SequenceWork(sequence, prompt, 0, TokenChoice.Greedy)], next);
        for (int index = 0; index < count; index++)
        {
            tokens[index] = next[0];
            if (index < count - 1)
            {
                runner.Step([new SequenceWork(sequence, tokens.AsMemory(index, 1), prompt.Length + index, TokenChoice.Greedy)], next);
            }
        }

        runner.CloseSequence(sequence);
        return tokens;
    }

    /// <summary>Computes the Euclidean length of the difference divided by that of the expected values.</summary>
    internal static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double difference = 0;
        double length = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            double delta = (double)actual[index] - expected[index];
            difference += delta * delta;
            length += (double)expected[index] * expected[index];
        }

        return Math.Sqrt(difference / length);
    }
}
