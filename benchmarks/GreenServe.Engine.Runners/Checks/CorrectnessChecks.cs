using GreenServe.Engine.Inference;
using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Checks whether runners compute what they should.</summary>
/// <remarks>
/// A runner is compared with the CPU runner, which the tests compare with a reference in double precision. It is also compared with itself
/// in other batches, chunks and orders.
/// </remarks>
/// <param name="shape">The shape of the small model that the runners compute.</param>
/// <param name="report">Receives the results.</param>
/// <param name="threads">The number of threads of the CPU runner.</param>
/// <param name="clock">The clock of the engines that the checks start.</param>
internal sealed class CorrectnessChecks(DecoderShape shape, CheckReport report, int threads, TimeProvider clock)
{
    private const int Context = 640;
    private const int Slots = 8;

    // Bounds on the relative Euclidean error. Float32 has rounding errors of about 1e-6 in practice; bf16 has 8 bits of mantissa.
    private const double Float32Error = 1e-4;
    private const double HalfError = 0.02;

    // Cumulative sums in float32 may now and then fall on the other side of a boundary between two tokens.
    private const double MinShareOfSampledTokens = 0.95;

    // A cache for two and a half of the four requests, which take 100 + 60 tokens each.
    private const int PreemptingCacheTokens = 400;
    private readonly RunnerOptions options = new(shape, new RandomWeights(shape, 1), Slots, Context);

    /// <summary>Checks the CPU runner alone.</summary>
    internal async Task RunOnnxAsync()
    {
        using OnnxDecoderRunner runner = OnnxDecoderRunner.Load(options, OnnxWeightFormat.Float32, threads);
        CheckItself(runner, Float32Error, tokensMustAgree: true);
        await CheckPreemptionAsync(() => OnnxDecoderRunner.Load(options, OnnxWeightFormat.Float32, threads)).ConfigureAwait(false);
    }

    /// <summary>Checks the torch runner in float32 against the CPU runner, then in bf16 against float32.</summary>
    /// <param name="useCuda">Whether the torch runner computes on CUDA devices instead of the CPU.</param>
    /// <param name="tensorParallelism">The number of devices that share each layer.</param>
    internal async Task RunTorchAsync(bool useCuda, int tensorParallelism)
    {
        TorchSettings single = new(useCuda, HalfPrecision: false, threads) { TensorParallelism = tensorParallelism };
        int[] prompt = RunnerProbe.Prompt(shape, 512, seed: 1);
        float[] expected;
        using (OnnxDecoderRunner cpu = OnnxDecoderRunner.Load(options, OnnxWeightFormat.Float32, threads))
        {
            expected = RunnerProbe.Scores(cpu, shape, prompt, decoded: 4);
        }

        using (TorchDecoderRunner runner = TorchDecoderRunner.Load(options, single))
        {
            ReportRunner(runner);
            double error = RunnerProbe.RelativeError(RunnerProbe.Scores(runner, shape, prompt, decoded: 4), expected);
            report.AtMost("float32: error against the CPU runner", error, Float32Error, "");
            CheckItself(runner, Float32Error, tokensMustAgree: true);
            CheckSampling(runner);
        }

        await CheckPreemptionAsync(() => TorchDecoderRunner.Load(options, single)).ConfigureAwait(false);
        CheckHalfPrecision(single with { HalfPrecision = true }, prompt, expected);
    }

    private void CheckHalfPrecision(TorchSettings half, int[] prompt, float[] expected)
    {
        float[] scores;
        using (TorchDecoderRunner runner = TorchDecoderRunner.Load(options, half))
        {
            ReportRunner(runner);
            scores = RunnerProbe.Scores(runner, shape, prompt, decoded: 4);
            report.AtMost("bf16: error against the CPU runner", RunnerProbe.RelativeError(scores, expected), HalfError, "");
            CheckItself(runner, HalfError, tokensMustAgree: false);
        }

        using TorchDecoderRunner padded = TorchDecoderRunner.Load(options, half with { AllowRagged = false });
        double difference = RunnerProbe.RelativeError(scores, RunnerProbe.Scores(padded, shape, prompt, decoded: 4));
        report.AtMost("bf16: ragged attention against padded", difference, HalfError, "");
    }

    private void ReportRunner(TorchDecoderRunner runner)
    {
        RunnerDescription description = runner.Description;
        report.Fact($"{description.Library}, {description.Device}, {description.Precision}; {description.Notes}");
    }

    private void CheckItself(IDecoderRunner runner, double bound, bool tokensMustAgree)
    {
        string name = runner.Description.Precision;
        int[] tokens = RunnerProbe.Prompt(shape, 200, seed: 2);
        float[] whole = RunnerProbe.Scores(runner, shape, tokens);
        report.AtMost($"{name}: decode from the cache against recomputation",
            RunnerProbe.RelativeError(RunnerProbe.Scores(runner, shape, tokens, decoded: 32), whole), bound, "");
        report.AtMost($"{name}: prompt in chunks of 37 against one piece",
            RunnerProbe.RelativeError(RunnerProbe.Scores(runner, shape, tokens, chunk: 37), whole), bound, "");

        int[][] members = [.. Enumerable.Range(0, Slots).Select(index => RunnerProbe.Prompt(shape, 5 + (61 * index), seed: 10 + index))];
        float[][] together = RunnerProbe.ScoresTogether(runner, shape, members);
        double worst = members.Select((member, index) =>
            RunnerProbe.RelativeError(together[index], RunnerProbe.Scores(runner, shape, member, decoded: 1))).Max();
        report.AtMost($"{name}: worst member of a ragged batch of {Slots} against itself alone", worst, bound, "");

        int[] once = RunnerProbe.Generate(runner, members[3], 48);
        int[] again = RunnerProbe.Generate(runner, members[3], 48);
        report.Holds($"{name}: greedy output repeats exactly", once.SequenceEqual(again), "48 tokens");
        if (tokensMustAgree)
        {
            int[] best = [.. together.Select(IndexOfMax)];
            int[] alone = [.. members.Select(member => IndexOfMax(RunnerProbe.Scores(runner, shape, member)))];
            report.Holds($"{name}: a batch chooses its members' tokens", best.SequenceEqual(alone));
        }
    }

    private static int IndexOfMax(float[] scores) => Array.IndexOf(scores, scores.Max());

    private void CheckSampling(TorchDecoderRunner runner)
    {
        TokenSampler sampler = new(shape.VocabularySize);
        int[] prompt = RunnerProbe.Prompt(shape, 12, seed: 6);
        float[] scores = new float[shape.VocabularySize];
        int[] next = new int[1];
        int equal = 0;
        const int Draws = 64;
        for (int draw = 0; draw < Draws; draw++)
        {
            ReadOnlyMemory<int> forbidden = draw % 2 == 0 ? new[] { 3, 77 } : default;
            TokenChoice choice = new(draw % 4 * 0.5, 1 - (draw % 3 * 0.3), (draw + 0.5) / Draws, forbidden);
            int sequence = runner.OpenSequence();
            runner.Step([new SequenceWork(sequence, prompt, 0, choice)], next, scores);
            runner.CloseSequence(sequence);
            equal += next[0] == sampler.Choose(scores, choice) ? 1 : 0;
        }

        report.AtLeast("float32: sampled tokens as defined", equal / (double)Draws, MinShareOfSampledTokens, "");
    }

    /// <summary>Checks that requests generate the same tokens in a small cache, with preemptions, as in a cache for all of them.</summary>
    private async Task CheckPreemptionAsync(Func<IDecoderRunner> load)
    {
        (int[][] undisturbed, _) = await ServeAsync(load(), cacheTokens: null).ConfigureAwait(false);
        (int[][] disturbed, long preemptions) = await ServeAsync(load(), PreemptingCacheTokens).ConfigureAwait(false);
        bool equal = undisturbed.Zip(disturbed).All(pair => pair.First.SequenceEqual(pair.Second));
        report.Holds("float32: preempted and resumed equals undisturbed", equal && preemptions > 0, $"{preemptions} preemptions");
    }

    private async Task<(int[][] Tokens, long Preemptions)> ServeAsync(IDecoderRunner runner, long? cacheTokens)
    {
        await using InferenceEngine engine = new(runner, new ByteTextCodec(), new InferenceOptions
        {
            ModelName = shape.Name,
            VocabularySize = shape.VocabularySize,
            StepTokens = 128,
            CacheTokens = cacheTokens,
        }, clock);
        TokenCollector[] collectors = [.. Enumerable.Range(0, 4).Select(index =>
        {
            TokenCollector collector = new();
            engine.Submit(new GenerationRequest
            {
                Id = $"check-{index}",
                Prompt = RunnerProbe.Prompt(shape, 100, seed: 20 + index),
                MaxTokens = 60,
                Temperature = 0,
            }, collector, default);
            return collector;
        })];
        int[][] tokens = await Task.WhenAll(collectors.Select(collector => collector.Tokens)).ConfigureAwait(false);
        return (tokens, engine.ReadStatus().Preemptions);
    }
}
