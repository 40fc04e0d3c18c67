using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class VirtualRunsTests
{
    [Fact]
    public async Task Run_GivesTheNumbersOfTheRecord_ThatTheRunnerWrites()
    {
        ServingSystem system = new() { Gpu = "H100-80GB-SXM", GpuCount = 8, Engine = "vllm-0.11" };
        OperatingPoint point = OperatingPoint.Of(
            WorkloadCatalog.Read("fixed-512-128"), system, new Knobs { TensorParallelism = 8 }, ["gpu_clock_megahertz=1410"]);
        VirtualRuns runs = new();

        RunRecord inMemory = runs.Run(point, runs.SystemOf(point));
        using TemporaryFolder folder = new();
        await using IPointRunner runner = PointRunner.Open(new PointRunnerOptions { Backend = BackendKind.Simulated });
        RunRecord onDisk = await runner.RunAsync(point, Path.Combine(folder.Root, "record"), CancellationToken.None);

        RunMetrics one = RunMetrics.Of(inMemory);
        RunMetrics other = RunMetrics.Of(RunRecord.Read(onDisk.Folder));
        Assert.True(one.IsValid, string.Join("; ", one.Reasons));
        Assert.Equal(other.JoulesPerOutputToken.Value!.Value, one.JoulesPerOutputToken.Value!.Value, tolerance: 1e-9);
        Assert.Equal(other.JoulesPerRequest.Value!.Value, one.JoulesPerRequest.Value!.Value, tolerance: 1e-6);
        Assert.Equal(other.Energy.MeanWatts.Value!.Value, one.Energy.MeanWatts.Value!.Value, tolerance: 1e-6);
        Assert.Equal(other.Slo!.WorstRatio.Value!.Value, one.Slo!.WorstRatio.Value!.Value, tolerance: 1e-6);
        Assert.Equal(other.Manifest.ErrorBands!.Known, one.Manifest.ErrorBands!.Known);
        Assert.Equal("", inMemory.Folder);
    }
}
