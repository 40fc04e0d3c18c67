using GreenServe.Engine.Models;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times steps of a runner without scheduler or server.</summary>
internal sealed class SpeedChecks(IDecoderRunner runner, DecoderShape shape, CheckReport report)
{
    private const int ChunkTokens = 2048;

    /// <summary>Median time of a decode step (ms), contexts of the batch ragged about <paramref name="context"/>.</summary>
    internal double DecodeMilliseconds(int batch, int context, int steps)
    {
        int[] sequences = [.. Enumerable.Range(0, batch).Select(_ => runner.OpenSequence())];

        // Spread evenly over 60 tokens, and so placed that the mean over the measured steps is the context.
        int[] lengths = [.. Enumerable.Range(0, batch).Select(index => Math.Max(1, context - (steps / 2) - 30 + (index * 37 % 61)))];
        Fill(sequences, lengths);
        int[] tokens = new int[batch];
        int[] next = new int[batch];
        SequenceWork[] work = new SequenceWork[batch];
        List<double> times = [];
        for (int step = 0; step < steps; step++)
        {
            for (int index = 0; index < batch; index++)
            {
                tokens[index] = next[index];
                work[index] = new SequenceWork(sequences[index], tokens.AsMemory(index, 1), lengths[index]++, TokenChoice.Greedy);
            }

            long begin = TimeProvider.System.GetTimestamp();
            runner.Step(work, next);
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        }

        Array.ForEach(sequences, runner.CloseSequence);
        double median = Median(times);
        report.Measure($"decode, batch {batch}: 90th percentile over median", Percentile(times, 0.9) / median, "");
        return median;
    }

    /// <summary>Median time of a prompt in one step (ms).</summary>
    internal double PrefillMilliseconds(int tokens, int repetitions)
    {
        int[] prompt = RunnerProbe.Prompt(shape, tokens, seed: 3);
        int[] next = new int[1];
        List<double> times = [];
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            int sequence = runner.OpenSequence();
            long begin = TimeProvider.System.GetTimestamp();
            runner.Step([new SequenceWork(sequence, prompt, 0, TokenChoice.Greedy)], next);
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
            runner.CloseSequence(sequence);
        }

        return Median(times);
    }

    /// <summary>Floating-point operations of a prompt: two a weight and token, the head for one token, causal attention.</summary>
    internal double PrefillOperations(int tokens)
    {
        double layerWeights = Enumerable.Range(0, shape.Layers).Sum(layer => (double)shape.Layer(layer).All.Sum(tensor => tensor.Elements));
        double attention = 2.0 * tokens * tokens * shape.Heads * shape.HeadSize * shape.Layers;
        return (2 * layerWeights * tokens) + (2.0 * shape.Head.Elements) + attention;
    }

    /// <summary>Bytes that a decode step must move: every weight but the embedding once, and the cached keys and values of every sequence.</summary>
    internal double DecodeBytes(int batch, int context, RunnerDescription description)
    {
        double perElement = description.WeightBytes / (double)shape.ParameterCount;
        double unread = shape.TiedEmbedding ? 0 : shape.Embedding.Elements * perElement;
        double perToken = description.CacheBytes / ((double)description.Slots * description.ContextTokens);
        return description.WeightBytes - unread + (batch * (double)context * perToken);
    }

    internal static double Median(IReadOnlyCollection<double> values) => Percentile(values, 0.5);

    internal static double Percentile(IReadOnlyCollection<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    /// <summary>Gives every sequence its prompt, several in a step.</summary>
    private void Fill(int[] sequences, int[] lengths)
    {
        int[] next = new int[sequences.Length];
        List<SequenceWork> work = [];
        int tokens = 0;
        for (int index = 0; index < sequences.Length; index++)
        {
            work.Add(new SequenceWork(sequences[index], RunnerProbe.Prompt(shape, lengths[index], seed: 100 + index), 0, null));
            tokens += lengths[index];
            if (tokens >= ChunkTokens || index == sequences.Length - 1)
            {
                runner.Step([.. work], next);
                work.Clear();
                tokens = 0;
            }
        }
    }
}
