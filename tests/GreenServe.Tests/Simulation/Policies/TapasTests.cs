using CsCheck;
using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.RowRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class TapasTests
{
    private static readonly Tapas Policy = new() { Name = "tapas", Source = "test" };
    private static readonly UniformCap Baseline = new() { Name = "uniform-cap", Source = "test" };

    [Fact]
    public void Policy_PlacesServersWhereRowsHaveMostHeadroom()
    {
        // Row a has 600 W of 3000 W taken by others, row b 2400 W: the first three servers find more room in a, however full it gets.
        ClusterDefinition cluster = TwoRows(opaqueA: 600, opaqueB: 2400);

        (_, ClusterSummary summary) = Run(Steady(20), cluster, Policy with { Servers = 3 });

        IEnumerable<ControlAction> off = summary.Actions.Where(action => action.Kind == ActionKind.PowerOff);
        Assert.Equal([3, 4, 5, 6, 7], off.Select(action => action.Server!.Value));
    }

    [Fact]
    public void Policy_Consolidates_WithinTheTimeBetweenTokens()
    {
        (Recorder recorder, _) = Run(Steady(100, gap: 0.2), Row(4, 4000), Policy with { PeriodSeconds = 1 });

        // A few requests at once are far below what one server decodes in 100 ms a token.
        Assert.True(recorder.Outcomes.Count(outcome => outcome.Replica == 0) > 90);
        Assert.All(recorder.Outcomes, outcome => Assert.True(outcome.TbtMaxSeconds < 0.1));
    }

    [Fact]
    public void Policy_KeepsAcceleratorsCool_WhereTheBaselineThrottles()
    {
        // 0.12 degrees a watt put an accelerator at 700 W to 25 + 84 = 109 degrees.
        ClusterDefinition cluster = Row(2, 4000);
        cluster = cluster with
        {
            Facility = cluster.Facility with { Thermal = new ThermalEntry { CelsiusPerWatt = 0.12, LagSeconds = 30 } },
        };

        ThermalTotals cool = Run(Steady(3000), cluster, Policy).Summary.Monitor!.Thermal!;
        ThermalTotals hot = Run(Steady(3000), cluster, Baseline).Summary.Monitor!.Thermal!;

        Assert.Equal(0, cool.ThrottledSeconds);
        Assert.InRange(cool.MaxGpuCelsius, 60, 85);
        Assert.True(hot.ThrottledSeconds > 60, $"{hot}");
    }

    [Fact]
    public void Policy_StaysWithinTheAirOfAFailedAisle()
    {
        ClusterDefinition cluster = Row(4, 4000);
        cluster = cluster with
        {
            Facility = cluster.Facility with
            {
                Rows = new Dictionary<string, RowEntry> { ["a"] = new() { BudgetWatts = 4000, Aisle = "cold" } },
                Thermal = new ThermalEntry { Aisles = new Dictionary<string, AisleEntry> { ["cold"] = new() { CooledWatts = 2800 } } },
                Emergencies = [new EmergencyEntry { FromSeconds = 30, ToSeconds = 90, AirflowShare = 0.6 }],
            },
        };

        ThermalTotals with = Run(Steady(2400), cluster, Policy).Summary.Monitor!.Thermal!;
        FixedSetting top = new() { Name = "top-clock", Source = "test" };
        ThermalTotals without = Run(Steady(2400), cluster, top).Summary.Monitor!.Thermal!;

        Assert.True(with.AirShortSeconds <= 5, $"{with}");
        Assert.True(without.AirShortSeconds > 50, $"{without}");
    }

    /// <summary>What the policy promises: a row above its budget is configured within a second, and fits a few corrections later.</summary>
    [Fact]
    public void Policy_BringsARowBelowItsBudget_WithinSeconds() =>
        (from gaps in Gen.Double[0.001, 0.1].Array[600]
         from input in Gen.Int[200, 3000]
         from share in Gen.Double[0.62, 1.0]
         select (gaps, input, share)).Sample(
            draw =>
            {
                List<ScheduledRequest> requests = ToSchedule([.. draw.gaps.Select(gap => (gap, draw.input, 120))]);
                (_, ClusterSummary summary) = Run(requests, Row(2, 1400).WithEmergency(10, 1000, draw.share), Policy);

                OverBudget over = summary.Monitor!.Rows[0].OverBudget!;
                Assert.True(over.LongestSeconds <= 5, $"{over.LongestSeconds} s over the budget");
            },
            iter: 20);

    [Fact]
    public void CheckFor_ReportsEveryProblem()
    {
        ClusterDefinition cluster = Row(1, 1000);
        cluster = cluster with { Replicas = [cluster.Replicas[0] with { Row = null }] };

        Tapas two = Policy with { Servers = 2 };
        Assert.Equal(["rows", "$.servers"], two.CheckFor(Setting(cluster, [])).Select(problem => problem.Place));
        Assert.Throws<InvalidInputException>(() => Policy.Create(Setting(cluster, [])));
    }

    [Fact]
    public void Catalog_HasThePolicy() => Assert.IsType<Tapas>(PolicyCatalog.Find("tapas"));

    private static ClusterDefinition TwoRows(double opaqueA, double opaqueB) => new()
    {
        Replicas = [.. Enumerable.Range(0, 8).Select(number => new ClusterReplica { System = Small, Row = number < 4 ? "a" : "b" })],
        Facility = new Facility
        {
            Rows = new Dictionary<string, RowEntry>
            {
                ["a"] = new() { BudgetWatts = 3000, Opaque = [new OpaquePower { AtSeconds = 0, Watts = opaqueA }] },
                ["b"] = new() { BudgetWatts = 3000, Opaque = [new OpaquePower { AtSeconds = 0, Watts = opaqueB }] },
            },
        },
    };
}
