using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Engine.Weights;
using GreenServe.Records;

namespace GreenServe.Tests.Engine.Runners.Torch;

public sealed class TorchDecoderRunnerTests
{
    private static readonly TorchSettings Cpu = new(UseCuda: false, HalfPrecision: false, Threads: 1);

    [SkippableTheory]
    [InlineData(false, 1e-4)]
    [InlineData(true, 0.02)]
    public void Step_AgreesWithTheReference_WhenItDecodesFromTheCache(bool halfPrecision, double bound)
    {
        DecoderShape shape = TestModels.Tied;
        using TorchDecoderRunner runner = Load(shape, Cpu with { HalfPrecision = halfPrecision });
        ReferenceDecoder reference = new(shape, new RandomWeights(shape, 7));
        List<int> tokens = [.. TestModels.Prompt(shape, 19, seed: 2)];
        (int sequence, float[] scores) = RunnerDriver.Prefill(runner, shape, tokens.ToArray());

        for (int step = 0; step < 8; step++)
        {
            Assert.InRange(RunnerDriver.RelativeError(scores, reference.Scores([.. tokens])), 0, bound);
            int token = RunnerDriver.IndexOfLargest(scores);
            runner.Step([new SequenceWork(sequence, new[] { token }, tokens.Count, TokenChoice.Greedy)], new int[1], scores);
            tokens.Add(token);
        }
    }

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(3)]
    public void Step_AgreesWithTheReference_WhenRanksShareTheLayers(int ranks)
    {
        // Both numbers of ranks divide the heads, the key and value heads and the columns. 3 does not divide the rows of the tied head.
        DecoderShape shape = TestModels.Tied with
        {
            Heads = 6,
            KeyValueHeads = 6,
            HiddenSize = 96,
            IntermediateSize = 180,
            VocabularySize = 260,
        };
        using TorchDecoderRunner runner = Load(shape, Cpu with { TensorParallelism = ranks });
        ReferenceDecoder reference = new(shape, new RandomWeights(shape, 7));
        List<int> tokens = [.. TestModels.Prompt(shape, 19, seed: 2)];
        (int sequence, float[] scores) = RunnerDriver.Prefill(runner, shape, tokens.ToArray(), chunk: 7);

        for (int step = 0; step < 4; step++)
        {
            Assert.InRange(RunnerDriver.RelativeError(scores, reference.Scores([.. tokens])), 0, 1e-4);
            int token = RunnerDriver.IndexOfLargest(scores);
            runner.Step([new SequenceWork(sequence, new[] { token }, tokens.Count, TokenChoice.Greedy)], new int[1], scores);
            tokens.Add(token);
        }
    }

    [SkippableFact]
    public void Step_SaysThatARankFailed_NowAndLater()
    {
        DecoderShape shape = TestModels.Tied;
        using TorchDecoderRunner runner = Load(shape, Cpu with { TensorParallelism = 2 });
        int sequence = runner.OpenSequence();

        // The embedding of every rank refuses an id outside the vocabulary.
        SequenceWork[] broken = [new(sequence, new[] { shape.VocabularySize + 5 }, 0, TokenChoice.Greedy)];
        SequenceWork[] sound = [new(sequence, new[] { 1 }, 0, TokenChoice.Greedy)];

        Assert.Throws<UnavailableException>(() => runner.Step(broken, new int[1]));
        UnavailableException later = Assert.Throws<UnavailableException>(() => runner.Step(sound, new int[1]));
        Assert.Contains("rank", later.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Step_AgreesWithTheOnnxRunner_OnTheSameWeights()
    {
        DecoderShape shape = TestModels.Grouped;
        using TorchDecoderRunner torch = Load(shape, Cpu);
        using OnnxDecoderRunner onnx = OnnxDecoderRunner.Load(
            new RunnerOptions(shape, new RandomWeights(shape, 7), 4, 96), OnnxWeightFormat.Float32, threads: 1);
        int[] prompt = TestModels.Prompt(shape, 40, seed: 3);

        (_, float[] fromTorch) = RunnerDriver.Prefill(torch, shape, prompt, chunk: 11);
        (_, float[] fromOnnx) = RunnerDriver.Prefill(onnx, shape, prompt);

        Assert.InRange(RunnerDriver.RelativeError(fromTorch, [.. fromOnnx.Select(score => (double)score)]), 0, 1e-4);
    }

    [SkippableFact]
    public void Step_GivesEachMemberItsTokensAlone_WhenPromptsAndDecodingShareAStep()
    {
        DecoderShape shape = TestModels.Grouped;
        using TorchDecoderRunner runner = Load(shape, Cpu);
        int[] first = TestModels.Prompt(shape, 30, seed: 4);
        int[] second = TestModels.Prompt(shape, 17, seed: 5);
        int[] expected = [.. RunnerDriver.Generate(runner, shape, second, 1), .. RunnerDriver.Generate(runner, shape, first, 2)];

        (int decoding, float[] scores) = RunnerDriver.Prefill(runner, shape, first);
        int token = RunnerDriver.IndexOfLargest(scores);
        int prefilling = runner.OpenSequence();
        int[] next = new int[2];
        runner.Step(
        [
            new SequenceWork(prefilling, second, 0, TokenChoice.Greedy),
            new SequenceWork(decoding, new[] { token }, first.Length, TokenChoice.Greedy),
        ], next);

        int[] actual = [next[0], token, next[1]];
        Assert.Equal(expected, actual);
    }

    [SkippableFact]
    public void Step_SamplesAsTheSamplerDefines()
    {
        DecoderShape shape = TestModels.Grouped;
        using TorchDecoderRunner runner = Load(shape, Cpu);
        TokenSampler sampler = new(shape.VocabularySize);
        int[] prompt = TestModels.Prompt(shape, 12, seed: 6);
        float[] scores = new float[shape.VocabularySize];
        int[] next = new int[1];
        for (int draw = 0; draw < 40; draw++)
        {
            TokenChoice choice = new(draw % 4 * 0.5, 1 - (draw % 3 * 0.3), draw / 40.0, draw % 2 == 0 ? new[] { 3, 77 } : default);
            int sequence = runner.OpenSequence();

            runner.Step([new SequenceWork(sequence, prompt, 0, choice)], next, scores);

            Assert.Equal(sampler.Choose(scores, choice), next[0]);
            runner.CloseSequence(sequence);
        }
    }

    [Fact]
    public void Load_SaysWhatIsMissing_WhenTheFolderHoldsNoLibtorch()
    {
        UnavailableException exception = Assert.Throws<UnavailableException>(() => TorchLibrary.FolderOf(named: "/nonexistent/torch"));

        Assert.Contains("/nonexistent/torch", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--runner onnx", exception.Message, StringComparison.Ordinal);
    }

    private static TorchDecoderRunner Load(DecoderShape shape, TorchSettings settings)
    {
        try
        {
            TorchLibrary.Load();
        }
        catch (UnavailableException exception)
        {
            Skip.If(true, exception.Message);
        }

        return TorchDecoderRunner.Load(new RunnerOptions(shape, new RandomWeights(shape, 7), Slots: 4, ContextTokens: 96), settings);
    }
}
