using GreenServe.Engine;
using GreenServe.Engine.Inference;
using GreenServe.Engine.Runners;
using GreenServe.Engine.Simulated;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Engine.Simulated;

public sealed class SimulatedRunnerTests
{
    // Stands in places that a step must leave alone.
    private const int NoToken = -1;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly SimulatedSystem System = SimulatedSystem.For(
        new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 1, Engine = "vllm-0.11" },
        ModelCatalog.Read("llama-3.2-1b", folder: null),
        new Knobs { TensorParallelism = 1, MaxBatch = 4 });

    [Fact]
    public void Step_TakesAsLong_AsTheSimulatedHardware()
    {
        using SimulatedRunner runner = new(System, TimeProvider.System);
        int[] next = [NoToken, NoToken, NoToken];
        SequenceWork[] work =
        [
            new(0, new int[100], 0, TokenChoice.Greedy),
            new(1, new int[50], 30, null),
            new(2, new int[1], 500, TokenChoice.Greedy),
        ];

        long start = TimeProvider.System.GetTimestamp();
        runner.Step(work, next);
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        StepShape first = StepShape.Prefill(100, 0, completesPrompt: true);
        StepShape second = StepShape.Prefill(50, 30, completesPrompt: false);
        StepCost expected = System.StepModel().Cost(new StepShape(150, first.PrefillPairs + second.PrefillPairs, 2, 1, 1, 501));
        Assert.True(seconds >= expected.Seconds, $"{seconds} s for a step of {expected.Seconds} s");
        Assert.Equal([true, false, true], next.Select(token => token >= 0));
        Assert.Equal(NoToken, next[1]);
    }

    [Fact]
    public void Step_UsesAsMuchEnergy_AsTheSimulatedHardware()
    {
        FakeTimeProvider clock = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        using SimulatedRunner runner = new(System, clock);

        runner.Step([new SequenceWork(0, new int[100], 0, TokenChoice.Greedy)], new int[1]);
        clock.Advance(TimeSpan.FromSeconds(1));
        double joules = runner.Meter.Read().Joules;

        // The step takes less than 0.1 s, so that the last refresh was 1 s after the start: the step, and idle power for the rest.
        StepModel model = System.StepModel();
        StepCost cost = model.Cost(StepShape.Prefill(100, 0, completesPrompt: true));
        Assert.InRange(cost.Seconds, 0, 0.08);
        Assert.Equal(cost.Joules + (model.LoadedIdleWatts.Middle * (1 - cost.Seconds)), joules, model.LoadedIdleWatts.Middle * 0.002);
    }

    [Fact]
    public async Task Engine_GivesEveryRequestItsTokens_ThroughTheScheduler()
    {
        List<EngineStep> steps = [];
        await using InferenceEngine engine = new SimulatedRunner(System, TimeProvider.System).CreateEngine(steps.Add);
        Counter[] counters = [.. Enumerable.Range(0, 6).Select(_ => new Counter())];

        foreach (Counter counter in counters)
        {
            engine.Submit(new GenerationRequest { Id = "r", Prompt = new int[64], MaxTokens = 5 }, counter, CancellationToken.None);
        }

        foreach (Counter counter in counters)
        {
            Assert.Equal(FinishReason.Length, await counter.Finished.Task.WaitAsync(Limit));
        }

        Assert.All(counters, counter => Assert.Equal(5, counter.Tokens));

        // At most four run at once, so six requests of five tokens cannot be done in five steps.
        Assert.True(steps.Count > 5);
        Assert.All(steps, step => Assert.InRange(step.DecodeSequences, 0, 4));
        Assert.Equal(6 * 64, steps.Sum(step => step.PrefillTokens));
        Assert.Equal(6 * 4, steps.Sum(step => step.DecodeSequences));
    }

    private sealed class Counter : IGenerationSink
    {
        internal int Tokens { get; private set; }

        internal TaskCompletionSource<FinishReason> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null)
        {
            Tokens += tokenIds.Length;
            if (finish is { } reason)
            {
                Finish(reason);
            }
        }

        public void Finish(FinishReason reason, string? error = null) => Finished.SetResult(reason);
    }
}
