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

public sealed class PolcaTests
{
    private static readonly Polca Policy = new()
    {
        Name = "polca",
        Source = "test",
        FirstLowClockMegahertz = 1600,
        SecondLowClockMegahertz = 1300,
        HighClockMegahertz = 1500,
        BrakeClockMegahertz = 345,
    };

    [Fact]
    public void Policy_DecidesNothing_WhileTheRowIsBelowItsThresholds()
    {
        (Recorder recorder, ClusterSummary summary) = Run(Steady(60), Row(4, budgetWatts: 10_000), Policy);

        Assert.Empty(summary.Actions);
        Assert.Equal(60, recorder.Outcomes.Count(outcome => outcome.CompletedSeconds is not null));
    }

    [Fact]
    public void Policy_SlowsLowPriorityFirst_AndTheCommandTakesItsTime()
    {
        // Watts of the row at this load without a policy, in its second minute.
        double watts = Run(Steady(1200), Row(4, budgetWatts: 10_000), Policy).Summary.Monitor!.Rows[0].P99Watts!.Value;

        (_, ClusterSummary summary) = Run(Steady(1200), Row(4, budgetWatts: watts / 0.84), Policy);

        // 84 % of the budget is above the first threshold and below the second one. The nearest clock to 1600 MHz is 1980 - 25 x 15.
        ControlAction[] first = [.. summary.Actions.Where(action => action.AtSeconds == summary.Actions[0].AtSeconds)];
        Assert.Equal([1, 3], first.Select(action => action.Server!.Value));
        Assert.All(first, action => Assert.Equal("1605 MHz", action.Setting));
        Assert.All(first, action => Assert.InRange(action.EffectiveSeconds!.Value - action.AtSeconds, 40, 40.5));
        Assert.DoesNotContain(summary.Actions, action => action.Setting == "345 MHz");
    }

    [Fact]
    public void Policy_SendsRequestsToServersOfTheirPriority()
    {
        List<ScheduledRequest> requests =
            [.. Steady(200).Select(request => request with { Priority = request.Id % 4 == 0 ? "low" : "high" })];

        (Recorder recorder, _) = Run(requests, Row(4, budgetWatts: 10_000), Policy);

        Assert.All(recorder.Outcomes, outcome => Assert.Equal(outcome.Request.Id % 4 == 0, outcome.Replica is 1 or 3));
    }

    /// <summary>
    /// What the policy promises: after a sample of 2 s, the 5 s of the brake and the second whose mean shows it, a row is below its budget.
    /// </summary>
    [Fact]
    public void Policy_BringsARowBelowItsBudget_OnceTheBrakeHasActed() =>
        (from gaps in Gen.Double[0.001, 0.1].Array[400]
         from input in Gen.Int[200, 4000]
         from share in Gen.Double[0.62, 1.0]
         select (gaps, input, share)).Sample(
            draw =>
            {
                // One server needs up to 700 W, and no more than 62 % of that at 345 MHz, where it draws less than at any higher clock.
                List<ScheduledRequest> requests = ToSchedule([.. draw.gaps.Select(gap => (gap, draw.input, 120))]);
                (_, ClusterSummary summary) = Run(requests, Row(2, budgetWatts: 1400 * draw.share), Policy);

                OverBudget over = summary.Monitor!.Rows[0].OverBudget!;
                Assert.True(over.LongestSeconds <= 8, $"{over.LongestSeconds} s over the budget");
            },
            iter: 20);

    [Fact]
    public void Policy_KeepsTheBrake_WhenAnEarlierCommandArrivesLater()
    {
        // The first command, ordered 40 s before it arrives, must not undo a brake that was ordered later and arrives sooner.
        ClusterDefinition row = Row(2, budgetWatts: 1600).WithEmergency(from: 20, to: 400, share: 0.3);

        (_, ClusterSummary summary) = Run(Steady(4000, gap: 0.02), row, Policy with { FirstThresholdRatio = 0.2, FirstReleaseRatio = 0.1 });

        ControlAction brake = summary.Actions.First(action => action.Setting == "345 MHz");
        ControlAction slowed = summary.Actions.First(action => action.Setting == "1605 MHz");
        Assert.True(slowed.AtSeconds < brake.AtSeconds && brake.EffectiveSeconds < slowed.AtSeconds + 40);
        Assert.Null(slowed.EffectiveSeconds);
    }

    [Fact]
    public void CheckFor_ReportsEveryProblem()
    {
        ClusterDefinition cluster = Row(1, budgetWatts: 1000);
        cluster = cluster with { Replicas = [cluster.Replicas[0] with { Row = null }] };
        Polca wrong = Policy with { FirstReleaseRatio = 0.9, BrakeClockMegahertz = 10, HighClockMegahertz = 5000 };

        IEnumerable<Problem> problems = wrong.CheckFor(Setting(cluster, []));

        Assert.Equal(
            ["rows", "$.first_release_ratio", "$.high_clock_megahertz", "$.brake_clock_megahertz"],
            problems.Select(problem => problem.Place));
        Assert.Throws<InvalidInputException>(() => wrong.Create(Setting(cluster, [])));
    }

    [Fact]
    public void Catalog_HasThePolicyAndItsBaseline()
    {
        Polca polca = Assert.IsType<Polca>(PolicyCatalog.Find("polca"));
        Polca brake = Assert.IsType<Polca>(PolicyCatalog.Find("brake-only"));

        Assert.Equal((0.80, 0.89, 1275, 1110, 1305, 288), (polca.FirstThresholdRatio, polca.SecondThresholdRatio,
            polca.FirstLowClockMegahertz, polca.SecondLowClockMegahertz, polca.HighClockMegahertz, polca.BrakeClockMegahertz));
        Assert.True(brake is { FirstThresholdRatio: >= 1, SecondThresholdRatio: >= 1 });
    }
}
