using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using static GreenServe.Tests.Simulation.Policies.RowRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class UniformCapTests
{
    private static readonly UniformCap Policy = new() { Name = "uniform-cap", Source = "test" };

    [Fact]
    public void Policy_LowersEveryClockOfARow_WhileItIsShortOfPower()
    {
        (_, ClusterSummary summary) = Run(Steady(1600), Row(2, 3000).WithEmergency(20, 50, 0.3), Policy with { ReleaseRatio = 0.7 });

        // 65 % of 1980 MHz is 1287 MHz; the nearest clock in steps of 15 MHz from 345 MHz is 1290 MHz.
        ControlAction[] lowered = [.. summary.Actions.Where(action => action.AtSeconds < 50)];
        Assert.Equal(
            [(20.0, 0, "1290 MHz"), (20.0, 1, "1290 MHz")],
            lowered.Select(action => (action.AtSeconds, action.Server!.Value, action.Setting)));
        ControlAction[] raised = [.. summary.Actions.Where(action => action.AtSeconds >= 50)];
        Assert.Equal(["highest clock", "highest clock"], raised.Select(action => action.Setting));
    }

    [Fact]
    public void Policy_ChoosesServersAtRandom_TheSameForASeed()
    {
        int[][] off = [.. Enumerable.Range(0, 20).Select(seed => ChosenWith((ulong)seed))];

        Assert.Equal(off[3], ChosenWith(3));
        Assert.True(off.Select(servers => string.Join(',', servers)).Distinct().Count() > 10);
        Assert.All(Enumerable.Range(0, 8), server => Assert.Contains(off, servers => servers.Contains(server)));
    }

    [Fact]
    public void CheckFor_ReportsEveryProblem() => Assert.Equal(
        ["$.servers", "$.release_ratio"],
        (Policy with { Servers = 9, LimitRatio = 0.5 }).CheckFor(Setting(Row(8, 1000), [])).Select(problem => problem.Place));

    [Fact]
    public void Policy_LowersFromTheClockOfTheClusterFile_AndGoesBackToIt()
    {
        ClusterDefinition row = Row(2, 3000).WithEmergency(20, 50, 0.2);
        row = row with
        {
            Replicas = [.. row.Replicas.Select(server => server with
            {
                System = Small with { Knobs = Small.Knobs with { GpuClockMegahertz = 1500 } },
            })],
        };

        (_, ClusterSummary summary) = Run(Steady(1600), row, Policy with { ReleaseRatio = 0.7 });

        // 65 % of 1500 MHz is 975 MHz.
        Assert.Equal(
            ["975 MHz", "975 MHz", "1500 MHz", "1500 MHz"], summary.Actions.Take(4).Select(action => action.Setting));
    }

    [Fact]
    public void Catalog_HasThePolicy() => Assert.IsType<UniformCap>(PolicyCatalog.Find("uniform-cap"));

    private static int[] ChosenWith(ulong seed)
    {
        PolicySetting setting = Setting(Row(8, 9000), Steady(1)) with { Seed = seed };
        IClusterPolicy policy = (Policy with { Servers = 4 }).Create(setting);
        ClusterSummary summary = SimulatedCluster.Execute(
            setting.Schedule, setting.Cluster, new SimulatedRuns.Recorder(), new ClusterController(policy));
        return [.. summary.Actions.Select(action => action.Server!.Value)];
    }
}
