using System.Globalization;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class FreeshTests
{
    private static readonly Freesh Policy = new()
    {
        Name = "freesh",
        Source = "test",
        PlanPeriodSeconds = 60,
        FirstPlanSeconds = 10,
        ClockStepMegahertz = 0,
        TensorParallelism = [1],
    };

    private static readonly List<ScheduledRequest> Requests = new List<ScheduledRequest>().Steady(0, 120, 3, 300, 20);

    [Fact]
    public void Execute_ServesWhereTheGridIsClean_AndFollowsIt()
    {
        // North is clean until 60 s, then south is. Plans are made at 10, 60 and 120 s, and a server starts in 5 s.
        ClusterDefinition cluster = Cluster(
            [new GridPoint(0, 50, null), new GridPoint(55, 500, null)], [new GridPoint(0, 500, null), new GridPoint(55, 50, null)]);

        (Recorder recorder, ClusterSummary summary) = Run(Requests, cluster, Policy);

        AssertServed(0, 1, recorder.Outcomes.Where(outcome => outcome.IssuedSeconds is > 10 and < 60));
        AssertServed(2, 3, recorder.Outcomes.Where(outcome => outcome.IssuedSeconds > 66));
        Assert.Equal(Requests.Count, summary.CompletedRequests);

        static void AssertServed(int low, int high, IEnumerable<RequestOutcome> outcomes) =>
            Assert.All(outcomes, outcome => Assert.InRange(outcome.Replica!.Value, low, high));
    }

    [Fact]
    public void Execute_KeepsTheOldServersUntilTheNewOnesServe()
    {
        ClusterDefinition cluster = Cluster(
            [new GridPoint(0, 50, null), new GridPoint(55, 500, null)], [new GridPoint(0, 500, null), new GridPoint(55, 50, null)]);

        ClusterSummary summary = Run(Requests, cluster with { StartSeconds = 20 }, Policy).Summary;

        double started = summary.Actions.First(action => action.Kind == ActionKind.Start).EffectiveSeconds!.Value;
        Assert.InRange(started, 80, 86);
        Assert.All(
            summary.Actions.Where(action => action.Kind == ActionKind.PowerOff && action.AtSeconds > 55),
            action => Assert.True(action.AtSeconds >= started));
    }

    [Fact]
    public void Execute_EmitsLess_ThanTheSamePlanForEnergy()
    {
        // The servers of the south draw twice the idle power, on a grid with a tenth of the carbon.
        ClusterDefinition cluster = Cluster([new GridPoint(0, 500, null)], [new GridPoint(0, 50, null)]);
        cluster = cluster with
        {
            Replicas = [.. cluster.Replicas.Select(replica =>
                replica.Site == "north" ? replica : replica with { System = Small with { GpuCount = 2 } })],
        };

        double carbon = Grams(Policy);
        double energy = Grams(Policy with { Saves = FreeshGoal.Energy });

        Assert.True(carbon < energy, $"{carbon} g against {energy} g");

        double Grams(Freesh policy)
        {
            ClusterSummary summary = Run(Requests, cluster, policy).Summary;
            return summary.Monitor!.Sites.Sum(site => site.CarbonGrams!.Value);
        }
    }

    [Fact]
    public void Execute_DividesServersAsThePlanSays()
    {
        // Eight accelerators with TP 8. For short requests of a model that fits one accelerator, eight instances use less energy.
        ClusterReplica server = new() { System = TestSystems.H100(TestSystems.Llama31For8B, 8), Site = "north" };
        ClusterDefinition cluster = new()
        {
            Replicas = [server],
            ReshardSeconds = 2,
            Facility = Sites([new GridPoint(0, 50, null)], [new GridPoint(0, 50, null)]),
        };

        ClusterSummary summary = Run(Requests, cluster, Policy with { TensorParallelism = [1, 8] }).Summary;

        Assert.Contains(summary.Actions, action => action is
        {
            Kind: ActionKind.Partition, Refusal: null, Setting: "TP 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1",
        });
        Assert.Equal(Requests.Count, summary.CompletedRequests);
    }

    [Fact]
    public void Execute_LowersClocksByAStep_WhileRequestsKeepTheirLimits_AndRaisesThemByAShare_WhenOneDoesNot()
    {
        ClusterDefinition cluster = Cluster([new GridPoint(0, 50, null)], [new GridPoint(0, 500, null)]);
        Freesh clocks = Policy with { ClockStepMegahertz = 300 };

        string[] settings = [.. Run(Requests, cluster, clocks, Slo(ttftSeconds: 0.052)).Summary.Actions
            .Where(action => action is { Kind: ActionKind.SetClock, Instance: 0 }).Select(action => action.Setting)];

        // 1980 - 300 = 1680, and on until a prompt, after 40 ms in the front end, takes more than 12 ms; then times 1.25.
        // The lowest clock in steps of 15 MHz that is at least 800 MHz is 810 MHz.
        Assert.Equal("1680 MHz", settings[0]);
        Assert.Contains(settings.Zip(settings.Skip(1)), pair => Megahertz(pair.Second) > Megahertz(pair.First));
        Assert.All(settings.Zip(settings.Skip(1)), pair => Assert.True(
            Megahertz(pair.Second) == Math.Max(810, Megahertz(pair.First) - 300)
            || Math.Abs(Megahertz(pair.Second) - Math.Min(1980, 1.25 * Megahertz(pair.First))) <= 7.5,
            $"{pair.First} to {pair.Second}"));

        static double Megahertz(string setting) => double.Parse(setting[..^" MHz".Length], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Execute_ServesTheRequestWithTheLeastSlackFirst()
    {
        // One sequence at a time. While it is served, a long answer and then a short one arrive: the short one has less time for its end.
        ClusterReplica server = new() { System = Small with { Knobs = Small.Knobs with { MaxBatch = 1 } }, Site = "north" };
        GridPoint[] grid = [new GridPoint(0, 50, null)];
        ClusterDefinition cluster = new() { Replicas = [server], Facility = Sites(grid, grid) };
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 20, 1, 300, 20);
        int first = requests.Count;
        requests.AddRange([Request(first, 20, 300, 400), Request(first + 1, 20.1, 300, 400), Request(first + 2, 20.2, 300, 20)]);

        Recorder recorder = Run(requests, cluster, Policy).Recorder;

        double[] firstTokens = [.. recorder.Outcomes.Where(outcome => outcome.Request.Id >= first)
            .OrderBy(outcome => outcome.Request.Id).Select(outcome => outcome.FirstTokenSeconds!.Value)];
        Assert.True(firstTokens[2] < firstTokens[1], $"{firstTokens[2]} s against {firstTokens[1]} s");
    }

    [Fact]
    public void Execute_PlansAtTheFirstPlanAndAtEveryPeriod_WhateverTheirRatio()
    {
        // The first plan at 25 s is not a divisor of the period of 60 s: the next ones are at 60 and 120 s, not at 75 s.
        ClusterDefinition cluster = Cluster(
            [new GridPoint(0, 50, null), new GridPoint(55, 500, null)], [new GridPoint(0, 500, null), new GridPoint(55, 50, null)]);

        ClusterSummary summary = Run(Requests, cluster, Policy with { FirstPlanSeconds = 25 }).Summary;

        Assert.Equal(60, summary.Actions.First(action => action.Kind == ActionKind.Start).AtSeconds);
    }

    [Fact]
    public void CheckFor_NamesEveryProblem()
    {
        ClusterDefinition cluster = Cluster([new GridPoint(0, null, 1)], [new GridPoint(0, 50, null)]);
        cluster = cluster with { Replicas = [.. cluster.Replicas, new ClusterReplica { System = Small }] };

        Assert.Equal(
            [
                "$.tensor_parallelism: got 0, want whole numbers from 1 to 64",
                "site north: got a grid without carbon intensity, want a carbon intensity at every time",
                "sites: got a server at no site, want every server at a site, whose grid has a carbon intensity",
            ],
            Problems(Policy with { TensorParallelism = [0] }, cluster).Select(problem => problem.ToString()));
    }

    [Fact]
    public void CheckFor_AsksForAnSlo()
    {
        GridPoint[] grid = [new GridPoint(0, 50, null)];
        PolicySetting setting = Setting(Requests, Cluster(grid, grid)) with { Slo = null };

        Assert.Equal("$.slo", Assert.Single(Policy.CheckFor(setting)).Place);
    }

    /// <summary>Two servers in the north and two in the south.</summary>
    private static ClusterDefinition Cluster(GridPoint[] north, GridPoint[] south)
    {
        ClusterReplica server = new() { System = Small };
        return new ClusterDefinition
        {
            Replicas = [.. new[] { "north", "north", "south", "south" }.Select(site => server with { Site = site })],
            StartSeconds = 5,
            Facility = Sites(north, south),
        };
    }

    private static Facility Sites(GridPoint[] north, GridPoint[] south) => new()
    {
        Sites = new Dictionary<string, GridSignal> { ["north"] = new GridSignal(north), ["south"] = new GridSignal(south) },
    };
}
