using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class SimulatedRunSpanTests
{
    private static readonly RequestSchedule OneRequest = new([SimulatedRuns.Request(0, 0, 512, 128)]);

    [Theory]
    [InlineData(7)]
    [InlineData(double.Epsilon)]
    public void Execute_RefusesAnAccelerator_ThatNeedsMoreThanAYearForAStep(double flopsPerSecond)
    {
        SimulatedSystem system = WithPeak(flopsPerSecond);
        SimulatedRuns.Recorder recorder = new();

        Problem problem = Assert.Single(
            Assert.Throws<InvalidInputException>(() => SimulatedRun.Execute(OneRequest, system, recorder)).Problems);

        // The request was on its way through the front end.
        Assert.All(recorder.Stretches, stretch => Assert.True(stretch.IsIdle));
        Assert.Equal("simulated time", problem.Place);
        Assert.Contains("at most 365 days", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(problem, Assert.Single(SimulatedRun.CheckSpan(OneRequest, system)));
    }

    [Fact]
    public void CheckSpan_FindsNothing_ForASlowAcceleratorThatEnds()
    {
        // 70e9 parameters at 2 FLOP each for 512 tokens: about a day at 1e9 FLOP/s.
        Assert.Empty(SimulatedRun.CheckSpan(OneRequest, WithPeak(1e9)));
    }

    [Fact]
    public void Execute_RefusesThinkTimes_ThatLastMoreThanAYear()
    {
        // 364 thoughts of a day fit into a year with the work between them; 366 do not.
        SimulatedRuns.Recorder recorder = new();
        SimulatedRun.Execute(Thinking(364), TestSystems.H100(), recorder);
        Assert.Equal(364, recorder.Outcomes.Count);

        Assert.Throws<InvalidInputException>(() => SimulatedRun.Execute(Thinking(366), TestSystems.H100(), new SimulatedRuns.Recorder()));

        static RequestSchedule Thinking(int requests) => new(
            [.. Enumerable.Range(0, requests).Select(id => SimulatedRuns.Request(id, 0, 100, 5) with { ThinkSeconds = 86_400 })],
            concurrency: 1);
    }

    [Fact]
    public void Execute_RefusesACluster_WhoseSecondInstanceNeedsMoreThanAYearForAStep()
    {
        ClusterDefinition cluster = new()
        {
            Router = RouterKind.RoundRobin,
            Replicas = [new ClusterReplica { System = TestSystems.H100() }, new ClusterReplica { System = WithPeak(7) }],
        };
        RequestSchedule two = new([SimulatedRuns.Request(0, 0, 512, 128), SimulatedRuns.Request(1, 1, 512, 128)]);

        Assert.Throws<InvalidInputException>(() => SimulatedCluster.Execute(two, cluster, new SimulatedRuns.Recorder()));
    }

    private static SimulatedSystem WithPeak(double flopsPerSecond)
    {
        SimulatedSystem system = TestSystems.H100();
        return system with { Gpu = system.Gpu with { Bf16 = system.Gpu.Bf16 with { PeakFlopsPerSecond = flopsPerSecond } } };
    }
}
