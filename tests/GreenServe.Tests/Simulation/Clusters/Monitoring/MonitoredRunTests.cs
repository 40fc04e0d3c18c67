using CsCheck;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

/// <summary>What the monitor reads in runs of simulated clusters.</summary>
public sealed class MonitoredRunTests
{
    private static readonly SimulatedSystem Small = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 2 };

    private static readonly Gen<List<ScheduledRequest>> Requests =
        Gen.Select(Gen.Double[0, 0.4], Gen.Int[1, 3000], Gen.Int[1, 300]).List[1, 40].Select(ToSchedule);

    [Fact]
    public void Monitor_ReadsTheEnergyOfTheRun_WhateverTheOperatorDoes() =>
        Gen.Select(Requests, Gen.Double[0, 3], Gen.Double[0, 3]).Sample(
            (requests, off, start) =>
            {
                ClusterDefinition cluster = InRows(3) with
                {
                    Changes =
                    [
                        new ReplicaChange(off, 1, ReplicaAction.PowerOff), new ReplicaChange(off + start, 1, ReplicaAction.Start),
                        new ReplicaChange(off + start, 2, ReplicaAction.SetClock, 1000),
                    ],
                    StartSeconds = 1.5,
                };

                ClusterSummary summary = SimulatedCluster.Execute(new RequestSchedule(requests), cluster, new Recorder());

                MonitorSummary monitor = summary.Monitor!;
                AssertRelative(summary.TotalJoules, monitor.Cluster.GpuJoules, 1e-9);
                AssertRelative(summary.TotalJoules, monitor.Rows.Sum(row => row.GpuJoules), 1e-9);
                AssertRelative(
                    (summary.TotalJoules + monitor.Cluster.HostJoules!.Value) / 3.6e6 * 100, monitor.Sites[0].CarbonGrams!.Value, 1e-9);
            },
            iter: 30);

    [Fact]
    public void Monitor_CountsNoHost_WhileItsServerIsOff()
    {
        ClusterDefinition cluster = InRows(2) with { Changes = [new ReplicaChange(0.25, 1, ReplicaAction.PowerOff)] };

        ClusterSummary summary = SimulatedCluster.Execute(
            new RequestSchedule([Request(0, 0, input: 500, output: 600)]), cluster, new Recorder());

        // 100 W for the server that serves, to the end, and for the other one for a quarter of a second.
        Assert.Equal(100 * (summary.DurationSeconds + 0.25), summary.Monitor!.Cluster.HostJoules!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Monitor_IsAbsent_WhereNobodyWantsToKnow()
    {
        ClusterDefinition plain = new() { Replicas = [new ClusterReplica { System = Small }] };

        Assert.Null(SimulatedCluster.Execute(new RequestSchedule([Request(0, 0, 100, 10)]), plain, new Recorder()).Monitor);
    }

    private static ClusterDefinition InRows(int servers) => new()
    {
        Replicas =
        [
            .. Enumerable.Range(0, servers).Select(number => new ClusterReplica
            {
                System = Small, Row = number == 0 ? "a" : "b", Site = "west", HostWatts = 100,
            }),
        ],
        Facility = new Facility
        {
            Rows = new Dictionary<string, RowEntry> { ["a"] = new() { BudgetWatts = 1000 }, ["b"] = new() { BudgetWatts = 1000 } },
            Sites = new Dictionary<string, GridSignal> { ["west"] = new([new GridPoint(0, 100, null)]) },
        },
    };
}
