using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Simulation.Hardware;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class EnginePointRunnerTests : IAsyncDisposable
{
    private static readonly IReadOnlyList<OperatingPoint> Points = ExperimentFile.Read(
        Repository.PathOf("paper-artifacts", "experiments", "measured", "batch-size.experiment.yaml")).Points();

    private readonly EnginePointRunner runner = new(new MeasurementContext(), Points, TextWriter.Null);

    public ValueTask DisposeAsync() => runner.DisposeAsync();

    [Fact]
    public void InRunOrder_GoesRoundByRound_EachInAnOrderOfItsOwn()
    {
        IReadOnlyList<OperatingPoint> ordered = runner.InRunOrder(Points);

        string[][] rounds =
        [
            .. ordered.Chunk(ordered.Count / 2).Select(round => round.Select(point => $"{point.Coordinates["batch"]}").ToArray()),
        ];
        Assert.Equal(Points.Count, ordered.Distinct().Count());
        Assert.Equal(ordered.Select(point => point.Repetition).Order(), ordered.Select(point => point.Repetition));
        Assert.NotEqual(rounds[0], rounds[1]);
        Assert.NotEqual(rounds[0], [.. rounds[0].OrderBy(int.Parse)]);
        Assert.Equal(ordered, runner.InRunOrder([.. Points.Reverse()]));
    }

    [Fact]
    public void InRunOrder_KeepsPointsTogether_ThatShareAnEngine()
    {
        OperatingPoint[] points = [.. Points, .. Points.Select(point => point with { Knobs = point.Knobs with { MaxBatch = 4 } })];

        string[] keys = [.. runner.InRunOrder(points).Select(EngineArguments.KeyOf)];

        // Two engines: one change from the first to the second, and none back.
        Assert.Equal(1, keys.Zip(keys.Skip(1)).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void Check_NamesWhatTheEngineLacks_AndWhatNeedsPermission()
    {
        OperatingPoint point = Points[0] with { Knobs = Points[0].Knobs with { PipelineParallelism = 2, PowerCapWatts = 400 } };

        IReadOnlyList<Problem> problems = runner.Check(point);

        Assert.Equal(["knobs.pipeline_parallelism", "knobs.power_cap_watts"], problems.Select(problem => problem.Place).Order());
    }

    [Fact]
    public void KeyOf_LetsPointsShareAnEngine_ThatAskTheSameOfIt()
    {
        Assert.Single(Points.Select(EngineArguments.KeyOf).Distinct());

        OperatingPoint smaller = Points[0] with { Knobs = Points[0].Knobs with { MaxBatch = 4 } };
        OperatingPoint other = Points[0] with { Workload = Points[0].Workload with { Model = "llama-2-13b" } };
        Assert.Equal(3, new[] { Points[0], smaller, other }.Select(EngineArguments.KeyOf).Distinct().Count());
    }

    [Fact]
    public void OwnMeters_LeaveOutWhatTheEngineDoesNotUse()
    {
        FakeGpu gpu = new();
        FakeGpu other = new() { Uuid = "GPU-99999999-2222-3333-4444-555555555555" };
        MachineAccess machine = FakeMachine.With(
            new FakeNvml(TimeProvider.System, gpu, other),
            environment: new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "1,0" });

        using MeterCatalog onGpu = FakeMachine.Discover(machine, EnginePointRunner.OwnMeters(PointOf(1)));
        using MeterCatalog onCpu = FakeMachine.Discover(machine, EnginePointRunner.OwnMeters(PointOf(1, "cpu")));

        using MeterCatalog onBoth = FakeMachine.Discover(machine, EnginePointRunner.OwnMeters(PointOf(2)));

        Assert.Equal([other.Uuid], onGpu.Gpus.Select(device => device.Uuid));
        Assert.Equal([other.Uuid, gpu.Uuid], onBoth.Gpus.Select(device => device.Uuid));
        Assert.Empty(onCpu.Gpus);
        Assert.DoesNotContain(onCpu.Meters, meter => meter.Scope == MeterScope.Gpu);
    }

    [Fact]
    public void AsRead_NamesTheAcceleratorOfTheDriver_WhateverTheExperimentStates()
    {
        MachineAccess machine = FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu()));
        using MeterCatalog catalog = FakeMachine.Discover(machine, new MeterOptions());
        using MeterCatalog none = FakeMachine.Discover(machine, new MeterOptions { Gpus = "none" });
        string read = catalog.Gpus[0].Description.Split(" (")[0];
        ServingSystem stated = new() { Gpu = "MI300X", GpuCount = 1, Engine = "greenserve" };

        // The catalog's own name, if it knows the driver's one. Without a GPU to read the statement is all there is.
        Assert.Equal(GpuCatalog.TryFind(read)?.Name ?? read, EnginePointRunner.AsRead(stated, catalog).Gpu);
        Assert.Equal("MI300X", EnginePointRunner.AsRead(stated, none).Gpu);
        Assert.Equal("cpu", EnginePointRunner.AsRead(stated with { Gpu = "cpu" }, catalog).Gpu);
    }

    private static OperatingPoint PointOf(int tensorParallelism, string gpu = "H200") => Points[0] with
    {
        Knobs = new Knobs { TensorParallelism = tensorParallelism },
        System = Points[0].System with { Gpu = gpu },
    };
}
