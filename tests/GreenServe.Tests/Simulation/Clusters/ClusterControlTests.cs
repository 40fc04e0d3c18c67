using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>How decisions of a policy are carried out.</summary>
public sealed class ClusterControlTests
{
    [Fact]
    public void SetClock_RecordsTheClockOfTheDevice_NearestToTheOneAskedFor()
    {
        // The device has the clocks 1980 - 15 n from 210 on: 285 (n = 113) is the nearest to 288, so that 285 after it changes nothing.
        ScriptedPolicy policy = new()
        {
            OnBegin = (_, actions) =>
            {
                Assert.True(actions.SetClock(0, 288, "as a paper says"));
                Assert.True(actions.SetClock(0, 285, "the same"));
                Assert.False(actions.SetClock(0, 203, "below the lowest"));
            },
        };
        SimulatedSystem server = TestSystems.H100(TestSystems.Llama31For8B, 1);
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = server }] };

        ClusterSummary summary = SimulatedCluster.Execute(
            new RequestSchedule([Request(0, 0, 100, 5)]), cluster, new Recorder(), new ClusterController(policy));

        Assert.Equal([("285 MHz", true), ("203 MHz", false)], summary.Actions.Select(action => (action.Setting, action.Refusal is null)));
        Assert.Equal(285, Assert.Single(summary.Worked).Knobs.GpuClockMegahertz);
    }
}
