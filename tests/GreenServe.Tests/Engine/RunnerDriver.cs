using GreenServe.Engine.Models;
using GreenServe.Engine.Runners;

namespace GreenServe.Tests.Engine;

/// <summary>Drives a runner without a scheduler, for tests of runners.</summary>
internal static class RunnerDriver
{
    /// <summary>Runs a prompt in chunks on a new sequence. Returns the sequence and the scores after the last token.</summary>
    internal static (int Sequence, float[] Scores) Prefill(
        IDecoderRunner runner, DecoderShape shape, ReadOnlyMemory<int> prompt, int chunk = int.MaxValue)
    {
        int sequence = runner.OpenSequence();
        float[] scores = new float[shape.VocabularySize];
        int[] next = new int[1];
        for (int first = 0; first < prompt.Length;)
        {
            int count = Math.Min(chunk, prompt.Length - first);
            bool last = first + count == prompt.Length;
            runner.Step([new SequenceWork(sequence, prompt.Slice(first, count), first, last ? TokenChoice.Greedy : null)], next, scores);
            first += count;
        }

        return (sequence, scores);
    }

    /// <summary>Generates the likeliest tokens after a prompt, on a sequence of its own.</summary>
    internal static int[] Generate(IDecoderRunner runner, DecoderShape shape, int[] prompt, int count, int chunk = int.MaxValue)
    {
        (int sequence, float[] scores) = Prefill(runner, shape, prompt, chunk);
        int[] tokens = new int[count];
        int[] next = [IndexOfLargest(scores)];
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

    internal static int IndexOfLargest(ReadOnlySpan<float> scores)
    {
        int largest = 0;
        for (int index = 1; index < scores.Length; index++)
        {
            largest = scores[index] > scores[largest] ? index : largest;
        }

        return largest;
    }

    /// <summary>Computes the largest difference divided by the largest expected magnitude.</summary>
    internal static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        double difference = 0;
        double largest = 0;
        for (int index = 0; index < expected.Length; index++)
        {
            difference = Math.Max(difference, Math.Abs(actual[index] - expected[index]));
            largest = Math.Max(largest, Math.Abs(expected[index]));
        }

        return difference / largest;
    }
}
