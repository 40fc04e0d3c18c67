using CsCheck;
using GreenServe.Records.Grids;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

public sealed class ClusterMonitorTests
{
    private static readonly Facility TwoRows = new()
    {
        Rows = new Dictionary<string, RowEntry>
        {
            ["a"] = new() { BudgetWatts = 1000 },
            ["b"] = new() { BudgetWatts = 500 },
        },
        Emergencies = [new EmergencyEntry { FromSeconds = 10, ToSeconds = 20, BudgetShare = 0.5, Row = "a" }],
    };

    [Fact]
    public void End_SumsRowsOfAcceleratorsAndHosts()
    {
        ClusterMonitor monitor = new(TwoRows, [Steady(0, 400, "a", host: 200), Steady(1, 300, "a"), Steady(2, 100, "b", host: 50)]);

        MonitorSummary summary = monitor.End(30, unfinishedRequests: 0);

        Assert.Equal(("a", 700 * 30.0, 200 * 30.0, 900), Of(summary.Rows[0]));
        Assert.Equal(("b", 100 * 30.0, 50 * 30.0, 150), Of(summary.Rows[1]));
        Assert.Equal(("cluster", 800 * 30.0, 250 * 30.0, 1050), Of(summary.Cluster));

        // Row a has 500 W instead of 1000 W for ten seconds, and draws 900 W. The cluster has 500 + 500 W then.
        Assert.Equal(new OverBudget(10, 4000, 1, 10), summary.Rows[0].OverBudget);
        Assert.Equal(new OverBudget(0, 0, 0, 0), summary.Rows[1].OverBudget);
        Assert.Equal(new OverBudget(10, 500, 1, 10), summary.Cluster.OverBudget);

        // 900 W of the 500 W that row a had left then.
        double?[] ratios = [summary.Rows[0].PeakBudgetRatio, summary.Rows[1].PeakBudgetRatio, summary.Cluster.PeakBudgetRatio];
        Assert.Equal([1.8, 0.3, 1.05], ratios);
    }

    [Fact]
    public void AdvanceTo_PutsPowerBesideTheBudgetThatHeld_WhenBudgetsChange()
    {
        EmergencyEntry[] emergencies =
        [
            new() { FromSeconds = 13, ToSeconds = 16, BudgetShare = 0.5, Row = "a" },
            new() { FromSeconds = 20, ToSeconds = 30, BudgetShare = 0.8, Row = "a" },
        ];
        List<ClusterSample> samples = [];
        ClusterMonitor monitor = new(TwoRows with { Emergencies = emergencies }, [Steady(0, 700, "a")], samples.Add);

        monitor.End(30, unfinishedRequests: 0);

        // 700 W are over the 500 W from 13 s to 16 s, and over no other budget.
        ClusterSample[] row = [.. samples.Where(sample => sample.Scope == ClusterSample.Row("a"))];
        Assert.Equal(
            [(10, 1000), (13, 1000), (16, 500), (20, 1000), (30, 800)],
            row.Select(sample => (sample.Seconds, sample.BudgetWatts!.Value)));
        Assert.All(row, sample => Assert.Equal(700, sample.MaxWatts!.Value, 1e-9));
    }

    [Fact]
    public void Rows_HaveTheirBudgetAndMeans_AsTimeGoesOn()
    {
        // 100 W for 5 s, then 300 W.
        FixedServer server = new()
        {
            GpuJoules = seconds => (100 * seconds) + (200 * Math.Max(0, seconds - 5)),
            Row = "a",
            RatedHostWatts = 10,
        };
        ClusterMonitor monitor = new(TwoRows, [server]);
        IRowView row = monitor.Rows[0];
        Assert.Equal(1000, row.BudgetWatts);

        monitor.AdvanceTo(6.5, unfinishedRequests: 0);

        Assert.Equal(310, row.Watts(1), tolerance: 1e-9);
        Assert.Equal(210, row.Watts(2), tolerance: 1e-9);
        Assert.Equal(300, monitor.GpuWatts(0, 1), tolerance: 1e-9);
        Assert.Equal(7, monitor.NextReadingSeconds);

        monitor.AdvanceTo(10, unfinishedRequests: 0);
        Assert.Equal(500, row.BudgetWatts);
        monitor.AdvanceTo(20, unfinishedRequests: 0);
        Assert.Equal(1000, row.BudgetWatts);
    }

    [Fact]
    public void Rows_CountServersOfOthers_AgainstBudgetAndAir()
    {
        Facility hall = new()
        {
            Rows = new Dictionary<string, RowEntry>
            {
                ["a"] = new()
                {
                    BudgetWatts = 1000,
                    Aisle = "cold",
                    Opaque = [new OpaquePower { AtSeconds = 0, Watts = 500 }, new OpaquePower { AtSeconds = 4, Watts = 800 }],
                },
            },
            Thermal = new ThermalEntry { Aisles = new Dictionary<string, AisleEntry> { ["cold"] = new() { CooledWatts = 550 } } },
        };
        ClusterMonitor monitor = new(hall, [Steady(0, 300, "a")]);

        monitor.AdvanceTo(6, unfinishedRequests: 0);

        // 800 W for four seconds, then 1100 W: 100 W over the budget, and twice the heat that the aisle carries away.
        Assert.Equal(1100, monitor.Rows[0].Watts(1), tolerance: 1e-9);
        Assert.Equal(2, monitor.Rows[0].AirflowRatio!.Value, tolerance: 1e-9);
        MonitorSummary summary = monitor.End(10, unfinishedRequests: 0);
        Assert.Equal((3000.0, 6800.0), (summary.Rows[0].GpuJoules, summary.Rows[0].OpaqueJoules!.Value));
        Assert.Equal(new OverBudget(6, 600, 1, 6), summary.Rows[0].OverBudget);
        Assert.Equal((3000.0, null, null), (summary.Cluster.GpuJoules, summary.Cluster.OpaqueJoules, summary.Cluster.OverBudget));
    }

    [Fact]
    public void Budget_FollowsTheCapOfTheGrid_WhereItIsLowerThanAnEmergency()
    {
        Facility capped = TwoRows with
        {
            Sites = new Dictionary<string, GridSignal> { ["west"] = new([new GridPoint(0, 1, 1), new GridPoint(15, 1, 1, 0.41)]) },
        };
        ClusterMonitor monitor = new(capped, [Steady(0, 10, "a", site: "west")]);

        double[] budgets = [.. Enumerable.Range(0, 3).Select(step =>
        {
            monitor.AdvanceTo(10 + (6 * step), unfinishedRequests: 0);
            return monitor.Rows[0].BudgetWatts;
        })];

        Assert.Equal([500, 410, 410], budgets);
    }

    [Fact]
    public void End_CountsHosts_WhileTheirServersAreOn_ToThePartOfASecond()
    {
        FixedServer server = new() { GpuJoules = seconds => 50 * seconds, RatedHostWatts = 100, OffSeconds = 2.3 };

        MonitorSummary summary = new ClusterMonitor(new Facility(), [server]).End(4.5, unfinishedRequests: 0);

        Assert.Equal(230, summary.Cluster.HostJoules!.Value, tolerance: 1e-9);
        Assert.Equal(225, summary.Cluster.GpuJoules, tolerance: 1e-9);
        Assert.Null(summary.Cluster.OverBudget);
        Assert.Null(summary.Thermal);
    }

    [Fact]
    public void End_WarmsServers_WhenTheirAisleFails()
    {
        Facility hall = new()
        {
            Rows = new Dictionary<string, RowEntry>
            {
                ["a"] = new() { BudgetWatts = 1e6, Aisle = "cold" },
                ["b"] = new() { BudgetWatts = 1e6 },
            },
            Thermal = new ThermalEntry
            {
                LagSeconds = 0,
                ThrottleCelsius = 70,
                Aisles = new Dictionary<string, AisleEntry> { ["cold"] = new() { CooledWatts = 3200 } },
            },
            Emergencies = [new EmergencyEntry { FromSeconds = 5, ToSeconds = 8, AirflowShare = 0.5, Aisle = "cold" }],
        };
        ClusterMonitor monitor = new(hall, [Steady(0, 3200, "a"), Steady(1, 3200, "b")]);

        monitor.AdvanceTo(6, unfinishedRequests: 0);

        // Each of 8 accelerators has 400 W: 25 + 40 = 65 degrees. At half the air the inlet of row a has 25 + 15 = 40 degrees.
        Assert.Equal((40, 80), (monitor.InletCelsius(0)!.Value, monitor.GpuCelsius(0)!.Value));
        Assert.Equal((25, 65), (monitor.InletCelsius(1)!.Value, monitor.GpuCelsius(1)!.Value));
        Assert.Equal(2, monitor.Rows[0].AirflowRatio);
        Assert.Null(monitor.Rows[1].AirflowRatio);
        Assert.Equal(new ThermalTotals(80, 40, 3, 1, 3), monitor.End(10, unfinishedRequests: 0).Thermal);
    }

    [Fact]
    public void AdvanceTo_EmitsSamplesWhoseMeansAddUpToTheEnergy()
    {
        List<ClusterSample> samples = [];
        FixedServer server = new() { GpuJoules = seconds => seconds * seconds, Row = "b", RatedHostWatts = 30 };
        ClusterMonitor monitor = new(TwoRows, [server], samples.Add, sampleSeconds: 4);

        monitor.AdvanceTo(8, unfinishedRequests: 3);
        monitor.End(9.5, unfinishedRequests: 0);

        ClusterSample[] whole = [.. samples.Where(sample => sample.Scope == ClusterSample.Cluster)];
        ClusterSample[] row = [.. samples.Where(sample => sample.Scope == ClusterSample.Row("b"))];

        // The last sample covers 1.5 s. Mean power from t1 to t2 is t1 + t2, and the last whole second of the run has 8 + 9 + 30 W.
        Assert.Equal([4, 8, 9.5], whole.Select(sample => sample.Seconds));
        Assert.Equal([4.0, 12, 17.5], row.Select(sample => sample.GpuWatts!.Value));
        Assert.Equal([37.0, 45, 47], row.Select(sample => sample.MaxWatts!.Value));
        Assert.Equal([3, 3, 0], whole.Select(sample => sample.Requests!.Value));
        Assert.Equal([3, 3, 0], whole.Select(sample => sample.HeldRequests!.Value));
        Assert.All(whole.Concat(row), sample => Assert.Equal(30, sample.HostWatts!.Value, tolerance: 1e-9));
        Assert.Null(samples.First(sample => sample.Scope == ClusterSample.Row("a")).HostWatts);
        Assert.Equal(500, row[0].BudgetWatts);
    }

    [Fact]
    public void End_GivesEnergyOfRowsAndSitesThatSumToTheCluster() =>
        (from watts in Gen.Double[0, 5000].Array[1, 8]
         from host in Gen.Double[0, 2000]
         from end in Gen.Double[0.1, 150]
         select (watts, host, end)).Sample(draw =>
        {
            Facility facility = TwoRows with
            {
                Sites = new Dictionary<string, GridSignal>
                {
                    ["west"] = new([new GridPoint(0, 1, 1)]),
                    ["east"] = new([new GridPoint(0, 2, 2)]),
                },
            };
            IMeteredServer[] servers = [.. draw.watts.Select((power, number) =>
                Steady(number, power, number % 2 == 0 ? "a" : "b", draw.host, number % 2 == 0 ? "west" : "east"))];

            MonitorSummary summary = new ClusterMonitor(facility, servers).End(draw.end, unfinishedRequests: 0);

            double total = summary.Cluster.GpuJoules + summary.Cluster.HostJoules!.Value;
            Assert.Equal(total, summary.Rows.Sum(row => row.GpuJoules + (row.HostJoules ?? 0)), tolerance: 1e-9 * (total + 1));
            Assert.Equal(total, summary.Sites.Sum(site => site.Joules), tolerance: 1e-9 * (total + 1));
            Assert.Equal((draw.watts.Sum() + (draw.host * draw.watts.Length)) * draw.end, total, tolerance: 1e-9 * (total + 1));
        });

    private static FixedServer Steady(int number, double watts, string? row = null, double? host = null, string? site = null) =>
        new() { Number = number, GpuJoules = seconds => watts * seconds, Row = row, RatedHostWatts = host, Site = site };

    private static (string Name, double Gpu, double Host, double Peak) Of(ScopePower power) => (
        power.Name, Math.Round(power.GpuJoules, 6), Math.Round(power.HostJoules!.Value, 6), Math.Round(power.PeakWatts!.Value, 3));
}
