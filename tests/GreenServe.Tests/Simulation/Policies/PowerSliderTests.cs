using System.Globalization;
using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.RowRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class PowerSliderTests
{
    private static readonly PowerSlider Policy = new() { Name = "power-slider", Source = "test" };

    [Fact]
    public void Policy_DecidesNothing_WhileTheCapIsAmple() =>
        Assert.Empty(Run(Mixed(400), Row(4, budgetWatts: 4000), Policy).Summary.Actions);

    [Fact]
    public void Policy_SlowsFlexibleServersFirst()
    {
        double watts = Run(Mixed(1200), Row(4, budgetWatts: 4000), Policy).Summary.Monitor!.Rows[0].P99Watts!.Value;

        (_, ClusterSummary summary) = Run(Mixed(1200), Row(4, budgetWatts: 0.85 * watts), Policy);

        // An H100 multiplies no faster above 80 % of its clock, 1584 MHz: down to there watts are free. Below, flexible requests pay first.
        ILookup<bool, double> clocks = summary.Actions
            .Where(action => action.Kind == ActionKind.SetClock && action.Setting.EndsWith(" MHz", StringComparison.Ordinal))
            .ToLookup(
                action => action.Server is 1 or 3, action => double.Parse(action.Setting[..^4], CultureInfo.InvariantCulture));
        Assert.True(clocks[true].Min() < 1500, $"{clocks[true].Min()} MHz");
        Assert.True(clocks[false].DefaultIfEmpty(1980).Min() > 1500, $"{clocks[false].DefaultIfEmpty(1980).Min()} MHz");
        Assert.DoesNotContain(summary.Actions, action => action.Kind == ActionKind.PowerOff);
    }

    /// <summary>
    /// What the policy promises while the servers that serve fit at their lowest clock: a row is back below a cap within a reading, the
    /// stall of a clock and a few corrections at one second each.
    /// </summary>
    [Fact]
    public void Policy_BringsARowBelowItsCap_WithinSeconds() =>
        (from gaps in Gen.Double[0.001, 0.1].Array[600]
         from input in Gen.Int[200, 3000]
         from share in Gen.Double[0.62, 1.0]
         select (gaps, input, share)).Sample(
            draw =>
            {
                List<ScheduledRequest> requests = Prioritised(ToSchedule([.. draw.gaps.Select(gap => (gap, draw.input, 120))]));
                (_, ClusterSummary summary) = Run(requests, Row(2, 1400).WithEmergency(10, 1000, draw.share), Policy);

                OverBudget over = summary.Monitor!.Rows[0].OverBudget!;
                Assert.True(over.LongestSeconds <= 5, $"{over.LongestSeconds} s over the cap");
            },
            iter: 20);

    [Fact]
    public void Policy_SwitchesServersOff_AndStartsThemWhenTheCapIsAnnouncedToRise()
    {
        // 1800 W feed three of four servers at work; 600 W feed four servers not even at their lowest clock.
        ClusterDefinition cluster = Row(4, 2800);
        cluster = cluster with
        {
            Replicas = [.. cluster.Replicas.Select(server => server with { Site = "west" })],
            Facility = cluster.Facility with
            {
                Sites = new Dictionary<string, GridSignal>
                {
                    ["west"] = new([new GridPoint(0, null, null), new GridPoint(20, null, null, 0.2), new GridPoint(120, null, null)]),
                },
            },
            StartSeconds = 30,
        };

        (Recorder recorder, ClusterSummary summary) = Run(Mixed(4000), cluster, Policy);

        ControlAction off = summary.Actions.First(action => action.Kind == ActionKind.PowerOff);
        ControlAction start = summary.Actions.First(action => action.Kind == ActionKind.Start);
        Assert.InRange(off.AtSeconds, 20, 30);
        Assert.Contains(off.Server!.Value, (int[])[1, 3]);
        Assert.True(start.AtSeconds >= 90, $"{start.AtSeconds} s");
        Assert.Equal(4000, recorder.Outcomes.Count(outcome => outcome.CompletedSeconds is not null));
    }

    [Fact]
    public void CheckFor_ReportsEveryProblem()
    {
        ClusterDefinition cluster = Row(1, 1000);
        cluster = cluster with { Replicas = [cluster.Replicas[0] with { Row = null }] };
        PolicySetting setting = Setting(cluster, []) with { Schedule = new RequestSchedule([]) { Priorities = ["batch", "chat"] } };

        Assert.Equal(["rows", "$.flexible_priority"], Policy.CheckFor(setting).Select(problem => problem.Place));
        Assert.Throws<InvalidInputException>(() => Policy.Create(setting));
        Assert.Empty((Policy with { FlexiblePriority = "batch" }).CheckFor(setting with { Cluster = Row(1, 1000) }));
    }

    [Fact]
    public void Catalog_HasThePolicy() => Assert.IsType<PowerSlider>(PolicyCatalog.Find("power-slider"));

    private static List<ScheduledRequest> Mixed(int count) => Prioritised(Steady(count));

    private static List<ScheduledRequest> Prioritised(List<ScheduledRequest> requests) =>
        [.. requests.Select(request => request with { Priority = request.Id % 2 == 0 ? "low" : "high" })];
}
