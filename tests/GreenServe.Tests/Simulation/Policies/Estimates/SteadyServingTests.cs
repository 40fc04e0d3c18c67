using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies.Estimates;

public sealed class SteadyServingTests
{
    private static readonly SimulatedSystem System = TestSystems.H100();
    private static readonly StepModel Model = System.StepModel();
    private static readonly SteadyServing Serving = new(System, Model);
    private static readonly RequestLengths Lengths = new(512, 101);

    [Fact]
    public void PromptSeconds_AddUpTheChunks_OfALongPrompt()
    {
        // Steps hold 8192 tokens: 20000 tokens are two full chunks and one of 3616.
        double expected = Model.Cost(StepShape.Prefill(8192, 0, completesPrompt: false)).Seconds
            + Model.Cost(StepShape.Prefill(8192, 8192, completesPrompt: false)).Seconds
            + Model.Cost(StepShape.Prefill(3616, 16384, completesPrompt: true)).Seconds;

        Assert.Equal(expected, Serving.PromptSeconds(20_000), tolerance: 1e-12);
    }

    [Fact]
    public void BusySeconds_CountOnePromptAndAShareOfEachStep()
    {
        // 8 sequences with 512 + 50 tokens each share the 100 decoding steps of a request, and its prompt is its own.
        double step = Model.Cost(StepShape.Decode(8, 8 * 562)).Seconds;
        double prompt = Model.Cost(StepShape.Prefill(512, 0, completesPrompt: true)).Seconds;

        Assert.Equal(prompt + (100 * step / 8), Serving.BusySeconds(Lengths, 8), tolerance: 1e-12);
    }

    [Fact]
    public void MaxDecodeSequences_IsTheLastWithinTheLimit()
    {
        // The time of a step with 100 sequences, up to which steps grow with their number.
        double limit = Serving.TokenSeconds(100, Lengths.ContextTokens(100));

        int most = Serving.MaxDecodeSequences(Lengths, limit);

        Assert.InRange(most, 100, System.MaxSequences - 1);
        Assert.True(Serving.TokenSeconds(most, Lengths.ContextTokens(most)) <= limit);
        Assert.True(Serving.TokenSeconds(most + 1, Lengths.ContextTokens(most + 1)) > limit);
    }

    [Fact]
    public void MaxDecodeSequences_IsNone_WhereOneIsTooSlow() => Assert.Equal(0, Serving.MaxDecodeSequences(Lengths, tpotSeconds: 1e-6));

    [Fact]
    public void MaxDecodeSequences_IsWhatTheCacheHolds_WithoutALimit()
    {
        SimulatedSystem small = System.WithCache(10_000);

        // Requests of 512 + 101 tokens in a cache of 10000, rounded down to blocks of 16.
        Assert.Equal(10_000 / 16 * 16 / 613, new SteadyServing(small, small.StepModel()).MaxDecodeSequences(Lengths, tpotSeconds: 60));
    }

    [Theory]
    [InlineData(32, 512, 64)]
    [InlineData(512, 128, 32)]
    [InlineData(2048, 128, 16)]
    [InlineData(512, 128, 1)]
    public void RequestJoules_AreNearThoseOfARun(int input, int output, int users)
    {
        RequestSchedule schedule = new(
            [.. Enumerable.Range(0, users * 4).Select(id => Request(id, 0, input, output))], concurrency: users);
        Recorder recorder = new();
        SimulatedRun.Execute(schedule, System, recorder);
        double seen = recorder.Outcomes.Where(outcome => outcome.Request.Id >= users && outcome.Request.Id < 3 * users)
            .Average(outcome => outcome.EnergyJoules);

        // The estimate processes prompts by themselves, and the run shares their steps with tokens.
        Assert.InRange(Serving.RequestJoules(new RequestLengths(input, output), users) / seen, 0.99, 1.12);
    }
}
