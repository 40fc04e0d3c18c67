using GreenServe.Engine;
using GreenServe.Engine.Inference;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Engine.Inference;

public sealed class InferenceEngineTests
{
    private const int ContextTokens = 64;

    [Fact]
    public async Task Submit_GivesEveryRequestItsOwnTokens_WhenManyShareFewSlots()
    {
        CountingRunner runner = new(slots: 3, ContextTokens);
        await using InferenceEngine engine = Start(runner, stepTokens: 8);
        int[][] prompts = [.. Enumerable.Range(1, 12).Select(index => Enumerable.Range(index, 2 + (index * 3 % 17)).ToArray())];

        RecordingSink[] sinks = [.. prompts.Select((prompt, index) => Submit(engine, prompt, 1 + (index * 5 % 13)))];

        for (int index = 0; index < sinks.Length; index++)
        {
            Assert.Equal(FinishReason.Length, await sinks[index].Finished);
            Assert.Equal(CountingRunner.Expected(prompts[index], 1 + (index * 5 % 13)), sinks[index].Tokens);
        }
    }

    [Fact]
    public async Task Submit_GivesTheSameTokens_WhenASmallCacheForcesPreemption()
    {
        // Two requests of 8 + 40 tokens need 6 blocks of 16; four blocks hold one of them and the beginning of the other.
        CountingRunner runner = new(slots: 2, ContextTokens);
        await using InferenceEngine engine = Start(runner, stepTokens: 64, cacheTokens: 64);
        int[] first = [1, 2, 3, 4, 5, 6, 7, 8];
        int[] second = [9, 10, 11, 12, 13, 14, 15, 16];

        RecordingSink[] sinks = [Submit(engine, first, 40), Submit(engine, second, 40)];

        await Task.WhenAll(sinks.Select(sink => sink.Finished));
        Assert.Equal(CountingRunner.Expected(first, 40), sinks[0].Tokens);
        Assert.Equal(CountingRunner.Expected(second, 40), sinks[1].Tokens);
        Assert.InRange(engine.ReadStatus().Preemptions, 1, 100);
    }

    [Fact]
    public async Task Submit_RefusesARequestThatTheCacheCannotHold()
    {
        await using InferenceEngine engine = Start(new CountingRunner(slots: 2, ContextTokens), stepTokens: 16, cacheTokens: 32);

        RecordingSink sink = Submit(engine, [1, 2, 3], maxTokens: 31);

        Assert.Equal(FinishReason.Error, await sink.Finished);
        Assert.Contains("32 tokens", sink.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_FreesTheSlotWithinOneStep_WhenTheClientLeavesInMidStream()
    {
        CountingRunner runner = new(slots: 1, ContextTokens);
        await using InferenceEngine engine = Start(runner, stepTokens: 16);
        using CancellationTokenSource leaves = new();
        int stepsAfter = 0;
        int slotsAtNextStep = -1;
        runner.BeforeStep = work =>
        {
            if (leaves.IsCancellationRequested && work[0].Tokens.Length > 1 && slotsAtNextStep < 0)
            {
                slotsAtNextStep = runner.OpenCount;
            }

            stepsAfter += leaves.IsCancellationRequested && work[0].Tokens.Length == 1 && slotsAtNextStep < 0 ? 1 : 0;
        };
        RecordingSink leaving = new() { OnToken = count => { if (count == 3) { leaves.Cancel(); } } };
        engine.Submit(Request([1, 2, 3], 50), leaving, leaves.Token);
        RecordingSink waiting = Submit(engine, [4, 5, 6], 4);

        Assert.Equal(FinishReason.Cancelled, await leaving.Finished);
        Assert.Equal(FinishReason.Length, await waiting.Finished);
        Assert.Equal(3, leaving.Tokens.Length);
        Assert.Equal(0, stepsAfter);
        Assert.Equal(1, slotsAtNextStep);
        Assert.Equal(CountingRunner.Expected([4, 5, 6], 4), waiting.Tokens);
    }

    [Fact]
    public async Task Submit_StopsAtTheEndToken_UnlessItIsIgnoredOrTooEarly()
    {
        int[] prompt = [5, 6];
        int[] free = CountingRunner.Expected(prompt, 12);
        int end = free[4];
        int firstEnd = Array.IndexOf(free, end);
        await using InferenceEngine engine = Start(new CountingRunner(slots: 4, ContextTokens), stepTokens: 16, endTokens: [end]);

        RecordingSink stops = Submit(engine, prompt, 12);
        RecordingSink ignores = new();
        engine.Submit(Request(prompt, 12) with { IgnoreEndOfSequence = true }, ignores, default);
        RecordingSink atLeast = new();
        engine.Submit(Request(prompt, 12) with { MinTokens = firstEnd + 1 }, atLeast, default);

        Assert.Equal(FinishReason.Stop, await stops.Finished);
        Assert.Equal(free[..(firstEnd + 1)], stops.Tokens);
        Assert.Equal(FinishReason.Length, await ignores.Finished);
        Assert.Equal(free, ignores.Tokens);
        await atLeast.Finished;
        Assert.DoesNotContain(end, atLeast.Tokens[..(firstEnd + 1)]);
        Assert.True(atLeast.Tokens.Length > firstEnd + 1);
    }

    [Fact]
    public async Task Submit_TellsTheBatchAndServesTheNext_WhenTheRunnerFails()
    {
        CountingRunner runner = new(slots: 2, ContextTokens);
        await using InferenceEngine engine = Start(runner, stepTokens: 16);
        runner.BeforeStep = work =>
        {
            if (work[0].Tokens.Span[0] == 13 && work[0].Position == 0)
            {
                throw new InvalidOperationException("no memory");
            }
        };

        RecordingSink fails = Submit(engine, [13, 1], 5);
        Assert.Equal(FinishReason.Error, await fails.Finished);
        Assert.Contains("no memory", fails.Error, StringComparison.Ordinal);

        RecordingSink next = Submit(engine, [2, 3], 5);
        Assert.Equal(FinishReason.Length, await next.Finished);
        Assert.Equal(CountingRunner.Expected([2, 3], 5), next.Tokens);

        // The engine tells the end of a request before it gives its sequence back.
        Assert.True(SpinWait.SpinUntil(() => runner.OpenCount == 0, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Log_AccountsForEveryToken()
    {
        List<EngineStep> steps = [];
        RecordingSink[] sinks;
        await using (InferenceEngine engine = Start(new CountingRunner(slots: 4, ContextTokens), stepTokens: 6, log: steps.Add))
        {
            sinks = [.. Enumerable.Range(0, 5).Select(index => Submit(engine, Enumerable.Range(0, 4 + index).ToArray(), 7))];
            await Task.WhenAll(sinks.Select(sink => sink.Finished));
        }

        // Each prompt token is run once; each output token but the first of a request, which its prompt gives, takes a decode step.
        Assert.Equal(Enumerable.Range(0, 5).Sum(index => 4 + index), steps.Sum(step => step.PrefillTokens));
        Assert.Equal(5 * (7 - 1), steps.Sum(step => step.DecodeSequences));
        Assert.All(steps, step => Assert.InRange(step.PrefillTokens + step.DecodeSequences, 1, 6));
        Assert.Equal(steps.OrderBy(step => step.StartSeconds), steps);
        Assert.All(steps.Zip(steps.Skip(1)), pair =>
            Assert.True(pair.First.StartSeconds + pair.First.DurationSeconds <= pair.Second.StartSeconds + 1e-6));
    }

    [Fact]
    public async Task Dispose_EndsEveryRequest()
    {
        CountingRunner runner = new(slots: 1, ContextTokens);
        using SemaphoreSlim running = new(0);
        runner.BeforeStep = _ => running.Release();
        InferenceEngine engine = Start(runner, stepTokens: 16);
        RecordingSink[] sinks = [.. Enumerable.Range(0, 4).Select(_ => Submit(engine, [1, 2, 3], 60))];
        Assert.True(await running.WaitAsync(TimeSpan.FromSeconds(30)));

        await engine.DisposeAsync();
        RecordingSink late = Submit(engine, [1], 1);

        FinishReason[] reasons = await Task.WhenAll(sinks.Append(late).Select(sink => sink.Finished));
        Assert.All(reasons, reason => Assert.True(reason is FinishReason.Cancelled or FinishReason.Length));
        Assert.Equal(FinishReason.Cancelled, reasons[^1]);
        Assert.True(runner.IsDisposed);
    }

    [Fact]
    public async Task ReadStatus_CountsRunningAndWaiting()
    {
        CountingRunner runner = new(slots: 2, ContextTokens);
        using ManualResetEventSlim go = new();
        runner.BeforeStep = _ => go.Wait();
        await using InferenceEngine engine = Start(runner, stepTokens: 16);
        RecordingSink[] sinks = [.. Enumerable.Range(0, 5).Select(_ => Submit(engine, [1, 2, 3], 20))];
        int largestRunning = 0;
        double largestCache = 0;
        foreach (RecordingSink sink in sinks)
        {
            sink.OnToken = _ =>
            {
                EngineStatus status = engine.ReadStatus();
                largestRunning = Math.Max(largestRunning, status.Running);
                largestCache = Math.Max(largestCache, status.KvCacheRatio ?? 0);
            };
        }

        go.Set();
        await Task.WhenAll(sinks.Select(sink => sink.Finished));

        Assert.Equal(2, largestRunning);

        // Two sequences of up to 22 cached tokens: 2 x 2 of 2 x 4 blocks.
        Assert.Equal(0.5, largestCache, tolerance: 1e-9);
        Assert.True(SpinWait.SpinUntil(() => engine.ReadStatus() is { Running: 0, Waiting: 0, KvCacheRatio: 0 }, TimeSpan.FromSeconds(30)));
    }

    private static InferenceEngine Start(
        CountingRunner runner, int stepTokens, long? cacheTokens = null, int[]? endTokens = null, StepLog? log = null) =>
        new(runner, new ByteTextCodec(), new InferenceOptions
        {
            ModelName = "counting",
            VocabularySize = CountingRunner.VocabularySize,
            StepTokens = stepTokens,
            CacheTokens = cacheTokens,
            EndTokens = endTokens ?? [],
        }, TimeProvider.System, log);

    private static RecordingSink Submit(InferenceEngine engine, int[] prompt, int maxTokens)
    {
        RecordingSink sink = new();
        engine.Submit(Request(prompt, maxTokens), sink, default);
        return sink;
    }

    private static GenerationRequest Request(int[] prompt, int maxTokens) =>
        new() { Id = "test", Prompt = prompt, MaxTokens = maxTokens, Temperature = 0 };
}
