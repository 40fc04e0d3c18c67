using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>What is not the plain dense 16-bit step: pipelines, integer weights, speculation, overlapped host work, mixtures, clock bands, cap windows.</summary>
public sealed class StepVariantTests
{
    private static readonly StepShape Decode = StepShape.Decode(64, 64_000);

    [Fact]
    public void Cost_OfTwoStages_IsThatOfHalfTheBatchThroughAllLayers()
    {
        SimulatedSystem one = TestSystems.H100(tensorParallelism: 4);
        SimulatedSystem two = one with { Knobs = one.Knobs with { PipelineParallelism = 2 } };
        StepCost half = one.StepModel().Cost(StepShape.Decode(32, 32_000));
        StepCost piped = two.StepModel().Cost(Decode);

        // A hop costs 4.3 us and 32 x 8192 x 2 bytes over 260 GB/s = 2.0 us.
        Assert.Equal(half.Seconds + 6.3e-6, piped.Seconds, 0.1e-6);

        // Twice the work, on twice the accelerators for as long.
        Assert.Equal(2 * half.Joules, piped.Joules, 0.01 * piped.Joules);
        Assert.Equal(8, two.Gpus);
    }

    [Fact]
    public void Cost_OfOneSequenceInTwoStages_LeavesOneStageIdle()
    {
        SimulatedSystem one = TestSystems.H100(tensorParallelism: 4);
        SimulatedSystem two = one with { Knobs = one.Knobs with { PipelineParallelism = 2 } };
        StepShape single = StepShape.Decode(1, 1000);
        StepCost plain = one.StepModel().Cost(single);
        StepCost piped = two.StepModel().Cost(single);

        // The same work once, and four more accelerators that draw 126 W each.
        Assert.Equal(plain.Seconds, piped.Seconds, 0.002 * plain.Seconds);
        Assert.Equal(plain.Joules + (4 * 126 * piped.Seconds), piped.Joules, 0.01 * piped.Joules);
    }

    [Fact]
    public void KeyValueBlocks_CountTheLayersOfEachStage()
    {
        SimulatedSystem two = TestSystems.H100(tensorParallelism: 4) with { Knobs = new Knobs { TensorParallelism = 4, PipelineParallelism = 2 } };
        SimulatedSystem eight = TestSystems.H100(tensorParallelism: 8);
        Assert.Equal(eight.Limits.CapacityTokens, two.Limits.CapacityTokens);
    }

    [Fact]
    public void Check_RefusesMoreStagesThanLayersOrGpus()
    {
        SimulatedSystem system = TestSystems.H100() with { Knobs = new Knobs { TensorParallelism = 8, PipelineParallelism = 81 } };
        Assert.Equal(2, system.Check().Count(problem => problem.Place == "knobs.pipeline_parallelism"));
    }

    [Theory]
    [InlineData(Precision.Int8)]
    [InlineData(Precision.Int4)]
    public void Cost_ReadsFewerBytes_WithIntegerWeights(Precision precision)
    {
        SimulatedSystem wide = TestSystems.H100();
        SimulatedSystem narrow = wide with { Knobs = wide.Knobs with { Precision = precision } };
        StepShape single = StepShape.Decode(1, 1000);

        // Decoding reads the weights: 1 + 1/64 or 0.5 + 1/64 bytes each instead of 2, at 90 % of the bandwidth.
        double bytes = (precision == Precision.Int8 ? 1 : 0.5) + (2.0 / 128);
        double expected = wide.StepModel().Times(single, 1).Linear - LinearFloor(wide);
        double actual = narrow.StepModel().Times(single, 1).Linear - LinearFloor(narrow);
        Assert.Equal(expected * bytes / 2 / 0.9, actual, 0.001 * expected);

        // A prompt is bound by compute and no faster.
        StepShape prompt = StepShape.Prefill(8192, 0, completesPrompt: true);
        Assert.True(narrow.StepModel().Times(prompt, 1).Linear > wide.StepModel().Times(prompt, 1).Linear);

        static double LinearFloor(SimulatedSystem system) => 4 * 80 * system.Gpu.Bf16.ProductSeconds;
    }

    [Fact]
    public void TokensPerStep_IsTheGeometricSum()
    {
        SpeculativeDecoding draft = new() { DraftTokens = 3, AcceptanceRate = 0.5, DraftCostRatio = 0.1 };
        Assert.Equal(1 + 0.5 + 0.25 + 0.125, draft.TokensPerStep, 1e-12);
    }

    [Fact]
    public void Cost_WithSpeculation_DividesACheckAndItsDraftsByTheTokensGained()
    {
        SimulatedSystem plain = TestSystems.H100();
        SpeculativeDecoding draft = new() { DraftTokens = 4, AcceptanceRate = 0.8, DraftCostRatio = 0.05 };
        SimulatedSystem faster = plain with { Engine = plain.Engine with { Speculative = draft } };
        StepShape single = StepShape.Decode(1, 1000);
        StepCost step = plain.StepModel().Cost(single);
        StepCost check = plain.StepModel().Cost(single with { DecodeSequences = 5 });
        StepCost gained = faster.StepModel().Cost(single);

        double tokens = 1 + 0.8 + 0.64 + 0.512 + 0.4096;
        Assert.Equal((check.Seconds + (4 * 0.05 * step.Seconds)) / tokens, gained.Seconds, 1e-9);
        Assert.Equal((check.Joules + (4 * 0.05 * step.Joules)) / tokens, gained.Joules, 1e-6);
        Assert.True(gained.Seconds < 0.5 * step.Seconds);
    }

    [Fact]
    public void Execute_StaysExact_WithSpeculation()
    {
        SimulatedSystem plain = TestSystems.H100();
        SimulatedSystem system = plain with
        {
            Engine = plain.Engine with { Speculative = new SpeculativeDecoding { DraftTokens = 3, AcceptanceRate = 0.7, DraftCostRatio = 0.1 } },
        };
        SimulationAggregate aggregate = new();
        SimulatedRun.Execute(new RequestSchedule(Requests(50)), system, aggregate);
        Assert.Equal(aggregate.TotalJoules, aggregate.RequestJoules + aggregate.IdleJoules, 1e-9 * aggregate.TotalJoules);
        Assert.Equal(50 * 100, aggregate.OutputTokens);
    }

    [Fact]
    public void ExcessSeconds_IsWhatHostWorkOutlastsTheAcceleratorBy()
    {
        HostWork host = new(0, 0, 0, OverlappedStepSeconds: 0.04, OverlappedSequenceSeconds: 1e-4);
        Assert.Equal(0.05, host.ExcessSeconds(100, 0), 1e-12);
        Assert.Equal(0.05 * (Math.Cbrt(2) - 1), host.ExcessSeconds(100, 0.05), 1e-12);
        Assert.True(host.ExcessSeconds(100, 1) < 1e-4);
        Assert.Equal(0, default(HostWork).ExcessSeconds(100, 0.05));
    }

    [Fact]
    public void HostWork_GrowsByTwoExchangesALayer_WhereAcceleratorsShareIt()
    {
        EngineCosts costs = TestSystems.H100().Engine.Costs with { OverlappedLayerSeconds = 100e-6, OverlappedExchangeSeconds = 150e-6 };

        // 80 layers of 0.1 ms, and of 0.4 ms with two exchanges of 0.15 ms.
        Assert.Equal(8e-3, HostWork.For(costs, TestSystems.Llama2For70B).OverlappedStepSeconds, 1e-12);
        Assert.Equal(32e-3, HostWork.For(costs, TestSystems.Llama2For70B, tensorParallelism: 2).OverlappedStepSeconds, 1e-12);
    }

    [Fact]
    public void Cost_OfAMixture_ReadsMoreExpertsWithMoreTokens_UntilAllAreTouched()
    {
        StepModel model = TestSystems.H100(TestSystems.Mixtral, 2).StepModel();
        double one = model.Times(StepShape.Decode(1, 100), 1).Linear;
        double eight = model.Times(StepShape.Decode(8, 800), 1).Linear;
        double many = model.Times(StepShape.Decode(64, 6400), 1).Linear;

        // Experts touched: 2, then 8 x (1 - 0.75^8) = 7.2, then all 8 of them.
        ModelWeights weights = ModelWeights.Of(TestSystems.Mixtral);
        double products = 4 * 32 * 3.9e-6;
        Assert.Equal(weights.Touched(8) / weights.Touched(1), (eight - products) / (one - products), 0.01);
        Assert.Equal(weights.AllLayers / weights.Touched(1), (many - products) / (one - products), 0.1);
    }

    [Fact]
    public void Cost_CarriesABandBelowTheHighestClock_AndNoneAtIt()
    {
        SimulatedSystem system = TestSystems.H100();
        Assert.Null(system.StepModel().Cost(Decode).Low);

        StepCost slow = (system with { Knobs = system.Knobs with { GpuClockMegahertz = 1200 } }).StepModel().Cost(Decode);
        Assert.True(slow.Low!.Value.Joules < slow.Joules && slow.Joules < slow.High!.Value.Joules);

        SimulationSummary summary = SimulatedRun.Execute(
            new RequestSchedule(Requests(30)), system with { Knobs = system.Knobs with { GpuClockMegahertz = 1200 } }, new SimulationAggregate());
        Assert.InRange(summary.TotalLowJoules / summary.TotalJoules, 0.85, 0.995);
        Assert.InRange(summary.TotalHighJoules / summary.TotalJoules, 1.005, 1.15);
    }

    [Fact]
    public void Execute_LetsShortPeaksPass_WhenTheCapHoldsAMean()
    {
        SimulatedSystem strict = TestSystems.H100(TestSystems.Llama31For8B, 1);
        SimulatedSystem slack = strict with { Gpu = strict.Gpu with { PowerCap = strict.Gpu.PowerCap with { WindowSeconds = 1 } } };

        // A prompt every two seconds: 60 ms above the cap, then decoding well below it.
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 20).Select(id => new ScheduledRequest(id, 2.0 * id, default, 4000, 50))];
        SimulationSummary held = SimulatedRun.Execute(new RequestSchedule(requests), strict, new SimulationAggregate());
        SimulationSummary passed = SimulatedRun.Execute(new RequestSchedule(requests), slack, new SimulationAggregate());

        Assert.Equal((20, 0), (held.ThrottledSteps, passed.ThrottledSteps));
        Assert.True(held.PeakWatts <= 695.2 && passed.PeakWatts > 700, $"{held.PeakWatts} W, {passed.PeakWatts} W");

        // Prompts all the time: the mean is at the cap, so steps are held back there too.
        SimulationSummary busy = SimulatedRun.Execute(
            new RequestSchedule([.. Enumerable.Range(0, 200).Select(id => new ScheduledRequest(id, 0, default, 4000, 1))]), slack, new SimulationAggregate());
        Assert.True(busy.ThrottledSteps > 50);
        Assert.InRange(busy.TotalJoules / busy.DurationSeconds, 600, 720);
    }

    private static List<ScheduledRequest> Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(id => new ScheduledRequest(id, id * 0.05, new RequestClassCuts().Classify(500, 100), 500, 100))];
}
