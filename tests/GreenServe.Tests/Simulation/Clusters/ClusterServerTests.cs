using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterServerTests
{
    [Fact]
    public void Partition_CountsInstancesFromWhenTheyBegin()
    {
        // A server of two accelerators: one instance on both until 1000 s, then two of one each. Each draws 123 W loaded throughout.
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 2) with { GpuCount = 2 };
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = system }], ReshardSeconds = 60 };
        Recorder recorder = new();

        ClusterSummary summary = SimulatedCluster.Execute(
            new RequestSchedule([Request(0, 2000, 100, 1)]), cluster, recorder, new ClusterController(new Divider()));

        double busy = recorder.Outcomes[0].CompletedSeconds!.Value - 2000 - system.Engine.FrontEndSeconds;
        double drawn = summary.IdleJoules + summary.TransitionJoules;
        Assert.Equal(123 * ((2 * summary.DurationSeconds) - busy), drawn, tolerance: 1e-6);
        Assert.Equal(123 * 2 * 60, summary.TransitionJoules, tolerance: 1e-6);
        AssertRelative(summary.TotalJoules, drawn + summary.UnusedJoules + recorder.Outcomes[0].EnergyJoules, 1e-12);
    }

    private sealed class Divider : IClusterPolicy
    {
        public IReadOnlyList<double> PeriodsSeconds => [1000];

        public void Tick(int loop, IClusterView cluster, IClusterActions actions) => actions.Partition(0, [1, 1], "test");
    }
}
