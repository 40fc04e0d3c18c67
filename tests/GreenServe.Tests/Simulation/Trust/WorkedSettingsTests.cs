using GreenServe.Records.Measurements;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Trust;
using GreenServe.Tests.Simulation.Clusters;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Trust;

/// <summary>The bands of simulated clusters.</summary>
public sealed class WorkedSettingsTests
{
    private static readonly SimulatedSystem Fast = TestSystems.H100(TestSystems.Llama31For8B, 1, "vllm-0.11") with { GpuCount = 1 };

    private static readonly SimulatedSystem Slow = Fast with { Knobs = Fast.Knobs with { GpuClockMegahertz = 600 } };

    private static readonly List<ScheduledRequest> Requests = [.. Enumerable.Range(0, 20).Select(id => Request(id, id * 0.1, 500, 50))];

    [Fact]
    public void For_GivesAClusterOfOneInstanceTheBandsOfTheInstance_AtALowerClock()
    {
        ErrorBands alone = SimulatorErrors.For(Slow, Run(Requests, Slow).Summary!);

        ErrorBands cluster = BandsOf(Cluster(Slow));

        Assert.Equal(alone, cluster);
        Assert.True(cluster.Tbt!.HighFactor > BandsOf(Cluster(Fast)).Tbt!.HighFactor);
    }

    [Fact]
    public void For_MarksTheLowestClock_WhenAPolicySetsIt()
    {
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [0.5],
            OnTick = (_, cluster, actions) => actions.SetClock(0, cluster.NowSeconds < 1 ? 607 : 1200, "test"),
        };

        ErrorBands bands = BandsOf(Cluster(Fast), policy);

        // The device has the clocks 1980 - 15 n: 600 is the nearest to 607 (n = 91.5 is 92).
        Assert.All(
            bands.Known,
            item => Assert.StartsWith("no validation at a GPU clock of 600 MHz", item.Band.Extrapolated, StringComparison.Ordinal));
        Assert.True(bands.Tbt!.HighFactor > BandsOf(Cluster(Fast)).Tbt!.HighFactor);
    }

    [Fact]
    public void For_CountsInstances_WhenOneServerHasTwo()
    {
        ClusterDefinition divided = new() { Replicas = [new ClusterReplica { System = Fast with { GpuCount = 2 }, Partition = [1, 1] }] };

        Assert.StartsWith("no validation of a cluster of 2 instances", BandsOf(divided).Tbt!.Extrapolated, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NamesEveryAcceleratorAndEngine_AndTakesTheWidestBand()
    {
        SimulatedSystem other = Fast with
        {
            Gpu = Fast.Gpu with { Name = "other-gpu" },
            Engine = Fast.Engine with { Name = "other-engine" },
        };


        ErrorBands both = BandsOf(Cluster(Fast, other));

        Assert.Contains("of the engine other-engine", both.Tbt!.Extrapolated, StringComparison.Ordinal);
        Assert.Contains("on other-gpu", both.Tbt.Extrapolated, StringComparison.Ordinal);
        Assert.True(both.Tbt.LowFactor <= BandsOf(Cluster(Fast, Fast)).Tbt!.LowFactor);
        Assert.Equal((both.Tbt.LowFactor, both.Tbt.HighFactor), Ends(BandsOf(Cluster(other, Fast)).Tbt!));
    }

    private static (double, double) Ends(ErrorBand band) => (band.LowFactor, band.HighFactor);

    private static ClusterDefinition Cluster(params SimulatedSystem[] systems) =>
        new() { Replicas = [.. systems.Select(system => new ClusterReplica { System = system })] };

    private static ErrorBands BandsOf(ClusterDefinition cluster, ScriptedPolicy? policy = null)
    {
        ClusterController? controller = policy is null ? null : new ClusterController(policy);
        return SimulatorErrors.For(cluster, SimulatedCluster.Execute(new RequestSchedule(Requests), cluster, new Recorder(), controller));
    }
}
