using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class RunRecordComparisonTests
{
    [Fact]
    public void Of_SkipsTheRun_WhenItIsSimulated()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11");
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("run"), system, 40);

        PointResult result = RunRecordComparison.Of(simulated);

        Assert.Equal("a simulated run is no measurement", result.Skipped);
    }

    [Fact]
    public void Of_FindsNoError_WhenTheRunIsTheSimulatorsOwn()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11");
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("run"), system, 40);

        // The simulator must predict its own run, which is passed off as measured.
        RunRecord measured = SimulatedRecords.AsMeasured(simulated);
        PointResult result = RunRecordComparison.Of(measured);

        Assert.Null(result.Skipped);
        Assert.InRange(result.ErrorRatio(PointMetric.Ttft), -1e-6, 1e-6);
        Assert.InRange(result.ErrorRatio(PointMetric.Tbt), -1e-6, 1e-6);
        Assert.InRange(result.ErrorRatio(PointMetric.Watts), -0.02, 0.02);
    }

    [Fact]
    public void Of_CallsARunFitted_WhenTheProfileNamesIt()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11");
        RunRecord fitted = SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("one"), system, 40));
        RunRecord other = SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("two"), system, 40, gapSeconds: 0.5));
        string twin = folder.Write("twin.yaml", $$"""
            name: twin
            source: a test
            costs: { layer_seconds: 0, step_seconds: 5e-3, sequence_seconds: 0 }
            front_end_seconds: 0.01
            fitted_runs: [{{FittedRuns.DigestOf(fitted)}}]
            """);
        Directory.Move(fitted.Folder, folder.PathOf("renamed"));

        PointResult own = RunRecordComparison.Of(RunRecord.Read(folder.PathOf("renamed")), new StatedSystem { Engine = twin });
        PointResult later = RunRecordComparison.Of(other, new StatedSystem { Engine = twin });

        Assert.Equal(("calibration", "validation"), (own.Point.Split, later.Point.Split));
    }

    [Fact]
    public void Of_ScalesTheTwinToTheHostOfTheRecord()
    {
        using TemporaryFolder folder = new();
        string twin = folder.Write("twin.yaml", """
            name: twin
            source: a test
            costs: { layer_seconds: 0, step_seconds: 5e-3, sequence_seconds: 0 }
            front_end_seconds: 0.01
            fitted_host: { launch_seconds: 4.5e-6, single_thread_operations_per_second: 10e6 }
            """);
        HostSpeed slow = new() { LaunchSeconds = 4.5e-6, SingleThreadOperationsPerSecond = 5e6 };
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: twin) with { Host = slow };
        RunRecord record = SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("run"), system, 40));

        PointResult blind = RunRecordComparison.Of(record, new StatedSystem { Engine = twin });
        PointResult scaled = RunRecordComparison.Of(
            SimulatedRecords.AsMeasured(record, slow), new StatedSystem { Engine = twin });

        // The run took place on a host whose steps and front end take twice as long.
        Assert.InRange(scaled.ErrorRatio(PointMetric.Tbt), -1e-6, 1e-6);
        Assert.InRange(scaled.ErrorRatio(PointMetric.Ttft), -1e-6, 1e-6);
        Assert.InRange(blind.ErrorRatio(PointMetric.Tbt), -0.6, -0.2);
        Assert.Contains(
            "one thread from 10.00 million operations/s to 5.00 million operations/s", scaled.HostScaling, StringComparison.Ordinal);
        Assert.Null(blind.HostScaling);
    }
}
