using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Running;

public sealed class PointInputsTests
{
    private static readonly OperatingPoint Point = OperatingPoint.Of(
        WorkloadCatalog.Read("fixed-512-128") with { Requests = 5, DurationSeconds = null },
        new ServingSystem { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11" },
        new Knobs { TensorParallelism = 8 });

    [Fact]
    public void ScheduleOf_IsShared_ByPointsThatDifferInKnobs()
    {
        PointInputs inputs = new();

        Assert.Same(inputs.ScheduleOf(Point), inputs.ScheduleOf(Point with { Knobs = new Knobs { TensorParallelism = 4 } }));
        Assert.NotSame(inputs.ScheduleOf(Point), inputs.ScheduleOf(Point with { Repetition = 1 }));
    }

    [Fact]
    public void SystemOf_SharesDocuments_AndKeepsTheKnobsOfEachPoint()
    {
        PointInputs inputs = new();

        SimulatedSystem eight = inputs.SystemOf(Point);
        SimulatedSystem four = inputs.SystemOf(Point with { Knobs = new Knobs { TensorParallelism = 4 } });

        Assert.Same(eight.Gpu, four.Gpu);
        Assert.Same(eight.Engine, four.Engine);
        Assert.Equal(8, eight.TensorParallelism);
        Assert.Equal(4, four.TensorParallelism);
    }

    [Fact]
    public void IsolatedOn_IsSimulatedOnce_ForEqualSystemsAndClasses()
    {
        PointInputs inputs = new();
        RequestClassCuts cuts = new();

        Assert.Same(inputs.IsolatedOn(inputs.SystemOf(Point), cuts), inputs.IsolatedOn(inputs.SystemOf(Point), cuts with { }));
        Assert.NotSame(
            inputs.IsolatedOn(inputs.SystemOf(Point), cuts),
            inputs.IsolatedOn(inputs.SystemOf(Point), cuts with { MediumInputTokens = 100 }));
    }

    [Fact]
    public void TraceHashOf_RefusesOtherContent_AndAcceptsAFileThatWasOnlyTouched()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("trace.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n");
        PointInputs inputs = new();
        TraceSource trace = new() { File = path };

        string hash = inputs.TraceHashOf(Point, trace);
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        Assert.Equal(hash, inputs.TraceHashOf(Point, trace));

        folder.Write("trace.csv", "arrival_seconds,input_tokens,output_tokens\n0,2,2\n");
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(2));
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => inputs.TraceHashOf(Point, trace));
        Assert.Equal(path, Assert.Single(exception.Problems).File);
    }

    [Fact]
    public void InOrderOfSchedules_GroupsPoints_AndKeepsTheirOrderOtherwise()
    {
        OperatingPoint other = Point with { Workload = Point.Workload with { Seed = 9 } };
        OperatingPoint[] points =
        [
            Point with { Id = "a" }, other with { Id = "b" }, Point with { Id = "c" }, Point with { Id = "d", Repetition = 1 }, other,
        ];

        Assert.Equal(["a", "c", "b", other.Id, "d"], PointInputs.InOrderOfSchedules(points).Select(point => point.Id));
    }
}
