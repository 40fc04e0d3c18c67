using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Weights;

namespace GreenServe.Tests.Engine.Runners.Onnx;

public sealed class OnnxDecoderRunnerTests
{
    // Single precision over a few hundred additions. The measured error is about 1e-6.
    private const double Float32Error = 1e-4;

    public static TheoryData<string> Shapes => ["grouped", "tied"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_AgreesWithTheReference_ForAPrompt(string name)
    {
        DecoderShape shape = ShapeOf(name);
        using OnnxDecoderRunner runner = Load(shape);
        int[] prompt = TestModels.Prompt(shape, 23, seed: 1);

        (_, float[] scores) = RunnerDriver.Prefill(runner, shape, prompt);

        double[] expected = new ReferenceDecoder(shape, new RandomWeights(shape, 7)).Scores(prompt);
        Assert.InRange(RunnerDriver.RelativeError(scores, expected), 0, Float32Error);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Step_AgreesWithRecomputation_WhenItDecodesFromTheCache(string name)
    {
        DecoderShape shape = ShapeOf(name);
        using OnnxDecoderRunner runner = Load(shape);
        ReferenceDecoder reference = new(shape, new RandomWeights(shape, 7));
        List<int> tokens = [.. TestModels.Prompt(shape, 5, seed: 2)];
        (int sequence, float[] scores) = RunnerDriver.Prefill(runner, shape, tokens.ToArray());

        for (int step = 0; step < 20; step++)
        {
            Assert.InRange(RunnerDriver.RelativeError(scores, reference.Scores([.. tokens])), 0, Float32Error);
            int token = RunnerDriver.IndexOfLargest(scores);
            int[] next = new int[1];
            runner.Step([new SequenceWork(sequence, new[] { token }, tokens.Count, TokenChoice.Greedy)], next, scores);
            tokens.Add(token);
        }
    }

    [Fact]
    public void Step_GivesEachMemberItsTokensAlone_WhenSequencesOfDifferentLengthShareABatch()
    {
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape);
        int[][] prompts = [.. Enumerable.Range(0, 6).Select(index => TestModels.Prompt(shape, 3 + (11 * index), seed: 10 + index))];
        int[][] alone = [.. prompts.Select(prompt => RunnerDriver.Generate(runner, shape, prompt, 16))];

        int[][] together = GenerateTogether(runner, shape, prompts, count: 16);

        Assert.Equal(alone, together);
    }

    [Fact]
    public void Step_LeavesTheOthersUndisturbed_WhenASequenceIsClosedAndItsSlotFilled()
    {
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape);
        int[] prompt = TestModels.Prompt(shape, 30, seed: 4);
        int[] expected = RunnerDriver.Generate(runner, shape, prompt, 12);
        (int first, _) = RunnerDriver.Prefill(runner, shape, TestModels.Prompt(shape, 40, seed: 5));
        (int moved, float[] scores) = RunnerDriver.Prefill(runner, shape, prompt);

        int[] tokens = new int[12];
        int[] next = [RunnerDriver.IndexOfLargest(scores)];
        for (int index = 0; index < tokens.Length; index++)
        {
            tokens[index] = next[0];
            if (index == 5)
            {
                runner.CloseSequence(first);
                RunnerDriver.Prefill(runner, shape, TestModels.Prompt(shape, 9, seed: 6));
            }

            runner.Step([new SequenceWork(moved, tokens.AsMemory(index, 1), prompt.Length + index, TokenChoice.Greedy)], next);
        }

        Assert.Equal(expected, tokens);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    public void Step_GivesTheSameTokens_WhenThePromptComesInChunks(int chunk)
    {
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape);
        int[] prompt = TestModels.Prompt(shape, 70, seed: 8);

        int[] chunked = RunnerDriver.Generate(runner, shape, prompt, 10, chunk);

        Assert.Equal(RunnerDriver.Generate(runner, shape, prompt, 10), chunked);
    }

    [Fact]
    public void Step_DecodesBesideAPromptThatIsOnlyHalfRun()
    {
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape);
        int[] prompt = TestModels.Prompt(shape, 48, seed: 9);
        int[] expectedLong = RunnerDriver.Generate(runner, shape, prompt, 1);
        int[] shortPrompt = TestModels.Prompt(shape, 6, seed: 11);
        int[] expectedShort = RunnerDriver.Generate(runner, shape, shortPrompt, 4);

        // The slot of the half-run prompt lies between two decoding sequences, so it takes part in their run.
        (int before, float[] scores) = RunnerDriver.Prefill(runner, shape, shortPrompt);
        int between = runner.OpenSequence();
        (int after, _) = RunnerDriver.Prefill(runner, shape, shortPrompt);
        int[] next = [RunnerDriver.IndexOfLargest(scores), RunnerDriver.IndexOfLargest(scores), -1];
        List<int> tokens = [next[0]];
        for (int step = 0; step < 3; step++)
        {
            SequenceWork[] work =
            [
                new(before, new[] { next[0] }, shortPrompt.Length + step, TokenChoice.Greedy),
                new(after, new[] { next[1] }, shortPrompt.Length + step, TokenChoice.Greedy),
                new(between, prompt.AsMemory(16 * step, 16), 16 * step, step == 2 ? TokenChoice.Greedy : null),
            ];
            runner.Step(work, next);
            Assert.Equal(next[0], next[1]);
            tokens.Add(next[0]);
            Assert.Equal(step == 2 ? expectedLong[0] : -1, next[2]);
        }

        Assert.Equal(expectedShort, tokens);
    }

    [Fact]
    public void Step_RepeatsExactly_WhenRunAgain()
    {
        DecoderShape shape = TestModels.Tied;
        using OnnxDecoderRunner first = Load(shape);
        using OnnxDecoderRunner second = Load(shape);
        int[] prompt = TestModels.Prompt(shape, 12, seed: 12);

        (_, float[] once) = RunnerDriver.Prefill(first, shape, prompt);
        (_, float[] again) = RunnerDriver.Prefill(second, shape, prompt);

        Assert.Equal(once, again);
    }

    [Theory]
    [InlineData(OnnxWeightFormat.Int8, 0.05)]
    [InlineData(OnnxWeightFormat.Int4, 0.5)]
    public void Step_StaysNearTheReference_WithIntegerWeights(OnnxWeightFormat format, double bound)
    {
        // A 4-bit weight is off by up to 1/14 of the largest in its block, and an 8-bit weight by up to 1/254. Activations of 8 bits add to
        // both errors.
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape, format);
        int[] prompt = TestModels.Prompt(shape, 23, seed: 1);

        (_, float[] scores) = RunnerDriver.Prefill(runner, shape, prompt);

        double[] expected = new ReferenceDecoder(shape, new RandomWeights(shape, 7)).Scores(prompt);
        double error = RunnerDriver.RelativeError(scores, expected);
        Assert.InRange(error, 1e-4, bound);
    }

    [Fact]
    public void Step_RefusesAPositionThatIsNotTheNextOne()
    {
        DecoderShape shape = TestModels.Grouped;
        using OnnxDecoderRunner runner = Load(shape);
        (int sequence, _) = RunnerDriver.Prefill(runner, shape, TestModels.Prompt(shape, 5, seed: 1));

        Assert.Throws<ArgumentException>(() => runner.Step([new SequenceWork(sequence, new[] { 1 }, 4, null)], new int[1]));
    }

    [Fact]
    public void OpenSequence_IsRefused_WhenEverySlotIsTaken()
    {
        using OnnxDecoderRunner runner = Load(TestModels.Grouped, slots: 2);
        runner.OpenSequence();
        int second = runner.OpenSequence();

        Assert.Throws<InvalidOperationException>(() => runner.OpenSequence());
        runner.CloseSequence(second);
        runner.OpenSequence();
    }

    private static DecoderShape ShapeOf(string name) => name == "tied" ? TestModels.Tied : TestModels.Grouped;

    private static OnnxDecoderRunner Load(DecoderShape shape, OnnxWeightFormat format = OnnxWeightFormat.Float32, int slots = 8) =>
        OnnxDecoderRunner.Load(new RunnerOptions(shape, new RandomWeights(shape, 7), slots, 96), format, threads: 2);

    private static int[][] GenerateTogether(OnnxDecoderRunner runner, DecoderShape shape, int[][] prompts, int count)
    {
        (int Sequence, float[] Scores)[] started = [.. prompts.Select(prompt => RunnerDriver.Prefill(runner, shape, prompt))];
        int[] next = [.. started.Select(item => RunnerDriver.IndexOfLargest(item.Scores))];
        int[][] tokens = [.. prompts.Select(_ => new int[count])];
        for (int index = 0; index < count; index++)
        {
            SequenceWork[] work = new SequenceWork[prompts.Length];
            for (int member = 0; member < prompts.Length; member++)
            {
                tokens[member][index] = next[member];
                work[member] = new SequenceWork(
                    started[member].Sequence, tokens[member].AsMemory(index, 1), prompts[member].Length + index, TokenChoice.Greedy);
            }

            runner.Step(work, next);
        }

        return tokens;
    }
}
