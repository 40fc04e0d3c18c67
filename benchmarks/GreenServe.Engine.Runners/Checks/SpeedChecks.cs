using GreenServe.Engine.Models;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times steps of a runner without a scheduler and without a server.</summary>
/// <param name="runner">The runner.</param>
/// <param name="shape">The shape of its decoder.</param>
/// <param name="report">Receives the spread of the times.</param>
/// <param name="clock">The clock of the measurements.</param>
internal sealed class SpeedChecks(IDecoderRunner runner, DecoderShape shape, CheckReport report, TimeProvider clock)
{
    private const int ChunkTokens = 2048;

    // The contexts of a batch differ by up to this many tokens. The stride visits all of the 61 values, as 61 is prime.
    private const int ContextSpread = 60;
    private const int ContextStride = 37;

    /// <summary>Measures the median time of a decode step in milliseconds.</summary>
    /// <param name="batch">The number of sequences.</param>
    /// <param name="context">The mean number of tokens of a sequence. Within the batch the numbers are spread over 60 tokens.</param>
    /// <param name="steps">The number of steps to time.</param>
    internal double DecodeMilliseconds(int batch, int context, int steps)
    {
        int[] sequences = [.. Enumerable.Range(0, batch).Select(_ => runner.OpenSequence())];

        // The contexts grow by a token a step, so they begin half the steps earlier than their mean.
        int shortest = context - (steps / 2) - (ContextSpread / 2);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(index =>
            Math.Max(1, shortest + (index * ContextStride % (ContextSpread + 1))))];
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

            long begin = clock.GetTimestamp();
            runner.Step(work, next);
            times.Add(clock.GetElapsedTime(begin).TotalMilliseconds);
        }

        Array.ForEach(sequences, runner.CloseSequence);
        double median = Median(times);
        report.Measure($"decode, batch {batch}: 90th percentile over median", Percentile(times, 0.9) / median, "");
        return median;
    }

    /// <summary>Measures the median time of a prompt that runs in one step, in milliseconds.</summary>
    internal double PrefillMilliseconds(int tokens, int repetitions)
    {
        int[] prompt = RunnerProbe.Prompt(shape, tokens, seed: 3);
        int[] next = new int[1];
        List<double> times = [];
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            int sequence = runner.OpenSequence();
            long begin = clock.GetTimestamp();
            runner.Step([new SequenceWork(sequence, prompt, 0, TokenChoice.Greedy)], next);
            times.Add(clock.GetElapsedTime(begin).TotalMilliseconds);
            runner.CloseSequence(sequence);
        }

        return Median(times);
    }

    /// <summary>Computes the number of floating-point operations of a prompt.</summary>
    /// <remarks>A weight takes two operations a token. The head runs for one token only. Attention is causal.</remarks>
    internal double PrefillOperations(int tokens)
    {
        double layerWeights = Enumerable.Range(0, shape.Layers).Sum(layer => (double)shape.Layer(layer).All.Sum(tensor => tensor.Elements));
        double attention = 2.0 * tokens * tokens * shape.Heads * shape.HeadSize * shape.Layers;
        return (2 * layerWeights * tokens) + (2.0 * shape.Head.Elements) + attention;
    }

    /// <summary>Computes the number of bytes that a decode step must read.</summary>
    /// <remarks>
    /// These are every weight except the embedding, and the cached keys and values of every sequence. An embedding that is also the head is
    /// read.
    /// </remarks>
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

    /// <summary>Runs the prompts of all sequences, several in a step.</summary>
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
