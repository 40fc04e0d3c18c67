using GreenServe.Records.Runs;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class RunRecordComparisonTests
{
    [Fact]
    public void Of_SkipsTheRun_WhenItIsSimulated()
    {
        using TemporaryFolder folder = new();
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("run"), TestSystems.H100(TestSystems.Llama31For8B, 1), 40);

        PointResult result = RunRecordComparison.Of(simulated);

        Assert.Equal("a simulated run is no measurement", result.Skipped);
    }

    [Fact]
    public void Of_FindsNoError_WhenTheRunIsTheSimulatorsOwn()
    {
        using TemporaryFolder folder = new();
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("run"), TestSystems.H100(TestSystems.Llama31For8B, 1), 40);

        // The simulator must predict its own run, which is passed off as measured.
        RunRecord measured = SimulatedRecords.AsMeasured(simulated);
        PointResult result = RunRecordComparison.Of(measured);

        Assert.Null(result.Skipped);
        Assert.InRange(result.ErrorRatio(PointMetric.Ttft), -1e-6, 1e-6);
        Assert.InRange(result.ErrorRatio(PointMetric.Tbt), -1e-6, 1e-6);
        Assert.InRange(result.ErrorRatio(PointMetric.Watts), -0.02, 0.02);
    }
}
