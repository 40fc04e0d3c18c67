using CsCheck;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Engines;

public sealed class HostScalingTests
{
    private static readonly HostSpeed Fitted = new() { LaunchSeconds = 4.5e-6, SingleThreadOperationsPerSecond = 10e6 };

    private static readonly EngineCosts Costs = new()
    {
        LayerSeconds = 1e-6,
        StepSeconds = 2e-3,
        SequenceSeconds = 3e-6,
        PromptStepSeconds = 4e-3,
        TensorParallelStepSeconds = 5e-3,
        TensorParallelSequenceSeconds = 6e-6,
        RecordedSequences = 256,
        UnrecordedLayerSeconds = 7e-6,
        SamplingSecondsPerEntry = 8e-10,
        OverlappedLayerSeconds = 9e-6,
        OverlappedExchangeSeconds = 10e-6,
        OverlappedSequenceSeconds = 11e-6,
        AttentionTokenSeconds = 12e-9,
    };

    private static readonly EngineProfile Engine = new()
    {
        Name = "twin",
        Source = "test",
        Costs = Costs,
        FrontEndSeconds = 0.013,
        FittedHost = Fitted,
    };

    [Fact]
    public void ScaledEngine_DoublesWhatAThreadDoes_WhenAThreadIsHalfAsFast()
    {
        EngineProfile scaled = HostScaling.For(Engine, Fitted with { SingleThreadOperationsPerSecond = 5e6 })!.ScaledEngine;

        Assert.Equal(
            Costs with
            {
                StepSeconds = 4e-3,
                SequenceSeconds = 6e-6,
                PromptStepSeconds = 8e-3,
                TensorParallelStepSeconds = 10e-3,
                TensorParallelSequenceSeconds = 12e-6,
                OverlappedSequenceSeconds = 22e-6,
            },
            scaled.Costs);
        Assert.Equal(0.026, scaled.FrontEndSeconds);
    }

    [Fact]
    public void ScaledEngine_DoublesWhatIsLaunched_WhenALaunchTakesTwiceAsLong()
    {
        EngineProfile scaled = HostScaling.For(Engine, Fitted with { LaunchSeconds = 9e-6 })!.ScaledEngine;

        Assert.Equal(
            Costs with { UnrecordedLayerSeconds = 14e-6, OverlappedLayerSeconds = 18e-6, OverlappedExchangeSeconds = 20e-6 }, scaled.Costs);
        Assert.Equal(0.013, scaled.FrontEndSeconds);
    }

    [Fact]
    public void For_ScalesNothing_WhenThePredictionIsForTheHostOfTheFit()
    {
        Assert.Null(HostScaling.For(Engine, null));
        Assert.Null(HostScaling.For(Engine, Fitted with { }));
    }

    [Fact]
    public void ScaledEngine_KeepsEveryCost_WhenTheFiguresDifferByNoMoreThanProbesOfOneHost()
    {
        HostScaling scaling = HostScaling.For(Engine, new HostSpeed { LaunchSeconds = 5e-6, SingleThreadOperationsPerSecond = 9e6 })!;

        // Launches take 1.11 times and one thread 1.11 times as long; up to 1.2 times is noise.
        Assert.Same(Engine, scaling.ScaledEngine);
        Assert.Equal(
            "host work of twin is not scaled: launches of kernels alike (4.50 us and 5.00 us), "
                + "one thread alike (10.00 million operations/s and 9.00 million operations/s)",
            scaling.Sentence);
    }

    [Fact]
    public void Factor_IsUndoneByTheWayBack() => Gen.Double[0.1, 10].Select(Gen.Double[0.1, 10]).Sample((launch, thread) =>
    {
        HostSpeed host = new() { LaunchSeconds = launch * 4.5e-6, SingleThreadOperationsPerSecond = thread * 10e6 };
        if (host == Fitted)
        {
            // Both factors of 1, which are drawn now and then, are the host itself.
            Assert.Null(HostScaling.For(Engine, host));
            return;
        }

        HostScaling there = HostScaling.For(Engine, host)!;
        HostScaling back = HostScaling.For(Engine with { FittedHost = host }, Fitted)!;

        Assert.Equal(1, there.LaunchFactor * back.LaunchFactor, 1e-9);
        Assert.Equal(1, there.ThreadFactor * back.ThreadFactor, 1e-9);
        Assert.True(there.LaunchFactor == 1 || Math.Abs((there.LaunchFactor / launch) - 1) < 1e-9);
        Assert.True(there.ThreadFactor == 1 || Math.Abs((there.ThreadFactor * thread) - 1) < 1e-9);
    });

    [Fact]
    public void ScaledEngine_KeepsEveryCost_WhenTheProbesDoNotCompare()
    {
        HostScaling scaling = HostScaling.For(
            Engine, new HostSpeed { ProbeVersion = 2, SingleThreadOperationsPerSecond = 1e6 })!;

        Assert.Same(Engine, scaling.ScaledEngine);
        Assert.Equal(
            "the host's speed is not taken into account: figures of version 1 and 2 of the probe do not compare",
            scaling.Sentence);
    }

    [Fact]
    public void Sentence_SaysFromWhatToWhat_WhenTheHostWorkIsScaled() => Assert.Equal(
        "host work of twin is scaled to another host: launches of kernels from 4.50 us to 9.00 us, "
            + "one thread from 10.00 million operations/s to 8.00 million operations/s",
        HostScaling.For(Engine, new HostSpeed { LaunchSeconds = 9e-6, SingleThreadOperationsPerSecond = 8e6 })!.Sentence);

    [Fact]
    public void Sentence_SaysWhatIsNotScaled_WhenOneFigureIsMissing() => Assert.Equal(
        "host work of twin is scaled to another host: launches of kernels unscaled (launch time not known of the host to predict for), "
            + "one thread from 10.00 million operations/s to 5.00 million operations/s",
        HostScaling.For(Engine, new HostSpeed { SingleThreadOperationsPerSecond = 5e6, NotMeasured = "no GPU" })!.Sentence);

    [Fact]
    public void Sentence_SaysThatTheHostIsNotKnown_WhenThereIsNoProbeOnEitherSide()
    {
        Assert.Equal(
            "the host's speed is not taken into account: it is not known (no probe runs there)",
            HostScaling.For(Engine, HostSpeed.Unknown("no probe runs there"))!.Sentence);
        Assert.Equal(
            "the host's speed is not taken into account: it is not known on which host twin was fitted",
            HostScaling.For(Engine with { FittedHost = null }, Fitted)!.Sentence);
    }

    [Fact]
    public void EngineHere_IsScaled_WhenASystemNamesAHost()
    {
        SimulatedSystem system = TestSystems.H100() with { Engine = Engine, Host = Fitted with { LaunchSeconds = 9e-6 } };

        Assert.Equal(18e-6, system.EngineHere.Costs.OverlappedLayerSeconds);
        Assert.Same(Engine, (system with { Host = null }).EngineHere);
    }

    [Fact]
    public void Step_TakesLongerByTheHostWorkAlone_WhenTheThreadIsHalfAsFast()
    {
        EngineProfile serial = Engine with
        {
            Costs = Costs with { OverlappedLayerSeconds = 0, OverlappedExchangeSeconds = 0, OverlappedSequenceSeconds = 0 },
        };
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, tensorParallelism: 1) with { Engine = serial };
        SimulatedSystem slow = system with { Host = Fitted with { SingleThreadOperationsPerSecond = 5e6 } };
        StepShape shape = StepShape.Decode(10, 5000);

        double added = slow.StepModel().Cost(shape).Seconds - system.StepModel().Cost(shape).Seconds;

        // 2 ms for the step and 3 us for each of ten sequences, once more.
        Assert.Equal(2.03e-3, added, 1e-12);
    }

    [Theory]
    [InlineData("{}", true)] // nothing of its own
    [InlineData("{max_sequences: 64}", true)]
    [InlineData("{costs: {layer_seconds: 0, step_seconds: 0, sequence_seconds: 0}}", false)]
    [InlineData("{front_end_seconds: 0.01}", false)]
    [InlineData("{front_end_seconds: 0.01, fitted_host: {launch_seconds: 4.5e-6, single_thread_operations_per_second: 10e6}}", true)]
    public void On_DoesNotTakeTheHostOfTheProfile_ForCostsThatCameFromAnother(string values, bool isKnown)
    {
        string yaml = $"{{gpus: [H200], {values[1..]}";
        EngineOnGpu there = DocumentTree.Parse(yaml).Bind<EngineOnGpu>();

        EngineProfile engine = (Engine with { Overrides = [there] }).On("H200");

        Assert.Equal(isKnown ? Fitted : null, engine.FittedHost);
    }
}
