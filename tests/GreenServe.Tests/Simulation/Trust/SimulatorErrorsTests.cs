using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Simulation.Validation;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class SimulatorErrorsTests
{
    [Fact]
    public void For_GivesEveryMetricABand_AtASettingThatWasMeasured()
    {
        ErrorBands bands = SimulatorErrors.For(System(), concurrentRequests: 32);

        Assert.Equal(5, bands.Known.Count);
        Assert.All(bands.Known, item => Assert.InRange(item.Band.LowFactor, 0.05, 1));
        Assert.All(bands.Known, item => Assert.InRange(item.Band.HighFactor, 1, 20));
        Assert.Null(bands.Watts!.Extrapolated);
    }

    [Fact]
    public void For_AddsTheUncertaintyOfTheClock_BelowTheHighest()
    {
        (ErrorBands high, _) = Run(System());
        Knobs lowered = new() { TensorParallelism = 8, GpuClockMegahertz = 1200 };
        (ErrorBands low, SimulationSummary summary) = Run(System() with { Knobs = lowered });

        // The two errors are independent: their logarithms add in quadrature.
        double clock = Math.Log(summary.TotalHighJoules / summary.TotalJoules);
        double own = Math.Log(high.JoulesPerToken!.HighFactor);
        Assert.True(clock > 0.01);
        Assert.Equal(Math.Sqrt((clock * clock) + (own * own)), Math.Log(low.JoulesPerToken!.HighFactor), 0.01);
        double time = Math.Log(summary.StepTimeHighRatio);
        double ownTime = Math.Log(high.Tbt!.HighFactor);
        Assert.Equal(Math.Sqrt((time * time) + (ownTime * ownTime)), Math.Log(low.Tbt!.HighFactor), 0.01);
        Assert.StartsWith("no validation at a GPU clock of 1200 MHz", low.Tbt!.Extrapolated, StringComparison.Ordinal);
    }

    [Fact]
    public void For_TakesTheErrorsOfACalibratedProfile_OnItsOwnAccelerator()
    {
        ErrorBands own = new() { Source = "5 runs", Gpu = "H100-80GB-SXM", Tbt = new ErrorBand { LowFactor = 0.96, HighFactor = 1.05 } };
        SimulatedSystem twin = System() with { Engine = System().Engine with { Errors = [own] } };

        ErrorBands bands = SimulatorErrors.For(twin, 8);
        Assert.Equal((own.Tbt, own.Source), (bands.Tbt, bands.Source));

        // The profile of the twin states no error of its power. The band of the published points holds for it and says where it comes from.
        Assert.Equal(SimulatorErrors.For(System(), 8).Watts!.LowFactor, bands.Watts!.LowFactor);
        Assert.StartsWith("not compared for this twin: from published points", bands.Watts.Extrapolated, StringComparison.Ordinal);
        Assert.Equal("published points", SimulatorErrors.For(twin with { Gpu = twin.Gpu with { Name = "other" } }, 8).Source);
        Assert.Equal(
            "no validation at a GPU clock of 1200 MHz",
            SimulatorErrors.For(twin with { Knobs = new Knobs { GpuClockMegahertz = 1200 } }, 8).Tbt!.Extrapolated);
    }

    [Theory]
    [InlineData("llama-2-7b", 1, Precision.Bf16, 32, false)]
    [InlineData("llama-2-7b", 1, Precision.Bf16, 64, false)]
    [InlineData("llama-2-7b", 1, Precision.Bf16, 65, true)]
    [InlineData("llama-2-7b", 1, Precision.Fp8, 32, true)]
    [InlineData("llama-2-7b", 2, Precision.Bf16, 32, true)]
    [InlineData("llama-3.1-70b", 8, Precision.Fp8, 400, true)]
    public void For_SaysWhatTheTwinWasComparedWith_WhenTheSettingLiesOutside(
        string model, int degree, Precision precision, double requests, bool isOutside)
    {
        SimulatedSystem twin = Twin() with
        {
            Model = ModelCatalog.Find(model)!,
            Knobs = new Knobs { TensorParallelism = degree, Precision = precision },
        };

        ErrorBands bands = SimulatorErrors.For(twin, requests);

        Assert.Equal(
            isOutside ? "the twin was compared with llama-2-7b, bf16, TP 1, 1 to 32 users only" : null, bands.Tbt!.Extrapolated);
        Assert.Null(bands.Compared);
    }

    [Fact]
    public void For_CountsUsersWhoWait_WhenTheLoopIsClosed()
    {
        SimulatedSystem twin = Twin() with { Model = ModelCatalog.Find("llama-2-7b")!, Knobs = new Knobs { TensorParallelism = 1 } };
        SimulationSummary summary = Run(twin).Summary;

        Assert.Null(SimulatorErrors.For(twin, summary, users: 64).Tbt!.Extrapolated);
        Assert.NotNull(SimulatorErrors.For(twin, summary, users: 65).Tbt!.Extrapolated);
    }

    [Fact]
    public void For_SaysThatScaledHostWorkWasNeverCompared()
    {
        HostSpeed fast = new() { SingleThreadOperationsPerSecond = 2.09e7 };
        SimulatedSystem system = System() with { Engine = System().Engine.On("H100-80GB-SXM") with { FittedHost = fast } };

        ErrorBands scaled = SimulatorErrors.For(
            system with { Host = new HostSpeed { SingleThreadOperationsPerSecond = 1e7 } }, 8);
        ErrorBands alike = SimulatorErrors.For(
            system with { Host = new HostSpeed { SingleThreadOperationsPerSecond = 2e7 } }, 8);

        Assert.StartsWith(
            "host work scaled x2.09 (one thread), never compared", scaled.Tbt!.Extrapolated, StringComparison.Ordinal);
        Assert.DoesNotContain("host work", alike.Tbt!.Extrapolated ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void TwinErrors_CountAPointOnce_AndReadBackAsTheSectionOfAProfile()
    {
        PointResult[] results =
        [
            .. new[] { ("one", 1.02), ("one", 1.04), ("two", 0.97), ("three", 1.03) }.Select((run, index) => new PointResult(
                Points.Point($"{run.Item1}_r{index}") with
                {
                    Source = RunRecordComparison.Source, RepetitionOf = $"batch/{run.Item1}", TbtSeconds = 0.01 * run.Item2,
                },
                "mine",
                new Prediction(0.1, 0.01, 1, 1, 1, 0),
                null)
            {
                Setting = Settings.One,
            }),
        ];

        ErrorBands bands = Assert.Single(TwinErrors.Of(new ValidationReport(results)));

        ErrorBand expected = ErrorBandRule.Of([(Math.Log(1.02) + Math.Log(1.04)) / 2, Math.Log(0.97), Math.Log(1.03)])!.Rounded();
        Assert.Equal((expected, "3 operating points held out of the calibration"), (bands.Tbt, bands.Source));
        Assert.Null(bands.Ttft);
        string profile = TwinErrors.ToYaml([bands]);
        Assert.Equal(bands, Assert.Single(DocumentTree.Parse(profile, "mine.yaml").Bind<Section>().Errors));
    }

    [Fact]
    public void TwinErrors_AreAbsent_WithTooFewPointsHeldOut() => Assert.Empty(TwinErrors.Of(new ValidationReport(
    [
        new PointResult(Points.Point("a"), "mine", new Prediction(0.1, 0.01, 1, 1, 1, 0), null) { Setting = Settings.One },
    ])));

    private static SimulatedSystem System() => new()
    {
        Model = ModelCatalog.Find("llama-3.1-70b")!,
        Gpu = GreenServe.Simulation.Hardware.GpuCatalog.Find("H100-80GB-SXM"),
        Engine = EngineCatalog.Find("vllm-2025"),
        Knobs = new Knobs { TensorParallelism = 8 },
    };

    /// <summary>A twin that was compared with one model, format and degree.</summary>
    private static SimulatedSystem Twin()
    {
        ErrorBands own = new()
        {
            Source = "5 runs",
            Gpu = "H100-80GB-SXM",
            Tbt = new ErrorBand { LowFactor = 0.96, HighFactor = 1.05 },
            Compared = new ComparedSettings
            {
                Models = ["llama-2-7b"],
                Precisions = [Precision.Bf16],
                TensorParallelism = [1],
                Gpus = [1],
                FewestRequests = 1,
                MostRequests = 32,
            },
        };
        return System() with { Engine = System().Engine with { Errors = [own] } };
    }

    private static (ErrorBands Bands, SimulationSummary Summary) Run(SimulatedSystem system)
    {
        RequestSchedule schedule = new(
            [.. Enumerable.Range(0, 8).Select(id => new ScheduledRequest(id, 0, new RequestClass(default, default), 100, 20))],
            concurrency: 4);
        SimulationSummary summary = SimulatedRun.Execute(schedule, system, new SimulationAggregate());
        return (SimulatorErrors.For(system, summary), summary);
    }

    private sealed record Section
    {
        public required IReadOnlyList<ErrorBands> Errors { get; init; }
    }
}
