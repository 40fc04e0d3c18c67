using GreenServe.Engine.Simulated;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Engine.Simulated;

public sealed class SimulatedMeterTests
{
    private static readonly SimulatedSystem System = SimulatedSystem.For(
        new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 2, Engine = "vllm-0.11" },
        ModelCatalog.Read("llama-3.2-1b", folder: null),
        new Knobs { TensorParallelism = 2 });

    private static readonly double IdleWatts = System.StepModel().LoadedIdleWatts.Middle;
    private readonly FakeTimeProvider clock = new();
    private readonly SimulatedMeter meter;
    private readonly long origin;

    public SimulatedMeterTests()
    {
        meter = new SimulatedMeter(System, clock);
        origin = clock.GetTimestamp();
    }

    [Fact]
    public void Read_ShowsTheLastRefresh_WhenTheGpusAreIdle()
    {
        SimulatedMeterReading atFirst = meter.Read();
        clock.Advance(TimeSpan.FromSeconds(0.299));
        SimulatedMeterReading later = meter.Read();

        // The last refresh was at 0.2 s. Two GPUs with a loaded model draw their floor, whatever the time.
        Assert.Equal((0, IdleWatts), (atFirst.Joules, atFirst.Watts));
        Assert.Equal(0.2 * IdleWatts, later.Joules, 1e-9);
        Assert.Equal(IdleWatts, later.Watts, 1e-9);
        Assert.Equal(2, meter.Gpus);
    }

    [Fact]
    public void Read_AddsTheStepsAndTheTimeBetweenThem_InClosedForm()
    {
        AddStep(0.05, 0.25, joules: 400);
        AddStep(0.25, 0.30, joules: 50);
        AddStep(0.55, 0.95, joules: 800);

        clock.Advance(TimeSpan.FromSeconds(0.75));
        double inStep = meter.Read().Joules;
        clock.Advance(TimeSpan.FromSeconds(0.45));
        SimulatedMeterReading after = meter.Read();

        // At the refresh at 0.7 s: 0.05 s idle, 400 J, 50 J, 0.25 s idle, and 0.15 s of the 0.4 s of a step of 800 J.
        Assert.Equal((0.30 * IdleWatts) + 450 + 300, inStep, 1e-9);

        // At 1.2 s: all steps, and 0.05 + 0.25 + 0.25 s idle. The power is the mean from 0.2 s on, 0.15 s after the first step began.
        double total = (0.55 * IdleWatts) + 1250;
        Assert.Equal(total, after.Joules, 1e-9);
        Assert.Equal(total - ((0.05 * IdleWatts) + 300), after.Watts, 1e-9);
    }

    [Fact]
    public void Read_KeepsWhatWasShown_WhenAStepBeganEarlierThanItIsCounted()
    {
        clock.Advance(TimeSpan.FromSeconds(0.11));
        double shown = meter.Read().Joules;

        // The step began at 0.09 s, before the refresh at 0.1 s that has been read as idle.
        AddStep(0.09, 0.19, joules: 1000);
        double again = meter.Read().Joules;
        clock.Advance(TimeSpan.FromSeconds(0.1));
        double next = meter.Read().Joules;

        Assert.Equal(0.1 * IdleWatts, shown, 1e-9);
        Assert.Equal(shown, again);
        Assert.Equal((0.1 * IdleWatts) + 1000, next, 1e-9);
    }

    [Fact]
    public void Names_SayThatTheGpusAreSimulated()
    {
        Assert.Contains("simulated", meter.GpuName, StringComparison.Ordinal);
        Assert.StartsWith("GPU-simulated-", meter.Identifier, StringComparison.Ordinal);
        Assert.NotEqual(meter.Identifier, new SimulatedMeter(System, clock).Identifier);
    }

    private void AddStep(double startSeconds, double endSeconds, double joules) => meter.AddStep(At(startSeconds), At(endSeconds), joules);

    private long At(double seconds) => origin + (long)Math.Round(seconds * clock.TimestampFrequency);
}
