using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class BreakEvenSleepTests
{
    private static readonly BreakEvenSleep Sleep = new() { Name = "sleep", Source = "test", ServersAlwaysOn = 0 };

    /// <summary>Ready at 123 W, asleep at 75 W, off. Waking takes 10 s and starting 100 s at 123 W.</summary>
    private static readonly SleepState[] States = [new(123, 0), new(75, 1230), new(0, 12_300)];

    [Fact]
    public void Execute_SleepsAndSwitchesOff_AtTheBreakEvenTimes()
    {
        // Asleep after 1230 J / 48 W = 25.6 s without work, off after 11070 J / 75 W = 147.6 s. The policy looks once a second.
        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 100, 2), Request(1, 500, 100, 2)], Cluster(1), Sleep);

        double idleFrom = recorder.Outcomes[0].CompletedSeconds!.Value;
        Assert.InRange(At(summary, ActionKind.Sleep) - idleFrom, 25.6, 26.7);
        Assert.InRange(At(summary, ActionKind.PowerOff) - idleFrom, 147.6, 148.7);
        Assert.InRange(At(summary, ActionKind.Start), 500, 500.1);
        Assert.InRange(recorder.Outcomes[1].FirstTokenSeconds!.Value, 600, 600.2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(26)]
    [InlineData(60)]
    [InlineData(149)]
    [InlineData(2000)]
    public void Execute_SpendsAtMostTwiceTheEnergyOfAServerThatKnowsThePause(double pause)
    {
        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 0, 100, 2), Request(1, pause, 100, 2)], Cluster(1), Sleep);

        double spent = summary.IdleJoules + summary.SleepJoules + summary.TransitionJoules;
        double idle = pause - recorder.Outcomes[0].CompletedSeconds!.Value;

        // A second of looking late costs at most 123 J in each state.
        Assert.InRange(spent, BreakEven.LeastJoules(States, idle) - 1, (2 * BreakEven.LeastJoules(States, idle)) + 246);
    }

    [Fact]
    public void Execute_OnlySleeps_WhenThatIsTheDeepestState()
    {
        (_, ClusterSummary summary) = Run(
            [Request(0, 0, 100, 2), Request(1, 2000, 100, 2)], Cluster(1), Sleep with { Deepest = SleepDepth.Asleep });

        Assert.DoesNotContain(summary.Actions, action => action.Kind == ActionKind.PowerOff);
        Assert.True(summary.SleepJoules > 75 * 1900);
    }

    [Fact]
    public void Execute_PacksRequestsOntoFewServers_AndKeepsTheirLimits()
    {
        // The last server switches off after 174 s without work.
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 220, 1, 500, 20);

        (Recorder packed, ClusterSummary summary) = Run(requests, Cluster(4), Sleep with { ServersAlwaysOn = 1 });

        Assert.Equal([requests.Count, 0, 0, 0], summary.CompletedByReplica);
        Assert.Equal(3, summary.Actions.Count(action => action.Kind == ActionKind.PowerOff));
        Assert.All(packed.Outcomes, outcome => Assert.True(outcome.FirstTokenSeconds - outcome.IssuedSeconds < 1));
    }

    [Fact]
    public void Execute_WakesASleepingServerBeforeOneThatIsOff_WhenNoneHasRoom()
    {
        // All but the first sleep from 26 s on. A burst fills the first.
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 60, 1, 500, 20).Steady(60, 62, 90, 3000, 100);

        (_, ClusterSummary summary) = Run(requests, Cluster(3), Sleep with { ServersAlwaysOn = 1 });

        Assert.InRange(At(summary, ActionKind.Start), 60, 62);
        Assert.True(summary.CompletedByReplica[1] > 0);
        Assert.Equal(requests.Count, summary.CompletedRequests);
    }

    [Fact]
    public void Execute_KeepsTheSlo_AtALoadThatOneServerDoesNotCarry()
    {
        // A server of this kind carries some six such requests a second within 1 s and 20 ms.
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 25, 10, 1500, 60);
        SloProfile slo = Slo(ttftSeconds: 1, tpotSeconds: 0.02);

        Recorder recorder = Run(requests, Cluster(3), Sleep with { ServersAlwaysOn = 1 }, slo).Recorder;

        int within = recorder.Outcomes.Count(outcome => outcome.FirstTokenSeconds - outcome.IssuedSeconds <= 1
            && (outcome.CompletedSeconds - outcome.FirstTokenSeconds) / 59 <= 0.02);
        Assert.InRange(within, 0.95 * requests.Count, requests.Count);
    }

    [Fact]
    public void CheckFor_RefusesServersWithSplitRoles() => Assert.Single(Problems(Sleep, new ClusterDefinition
    {
        Replicas =
        [
            new ClusterReplica { System = Small, Role = ReplicaRole.Prefill },
            new ClusterReplica { System = Small, Role = ReplicaRole.Decode },
        ],
    }));

    private static ClusterDefinition Cluster(int servers) => new()
    {
        Replicas = [.. Enumerable.Repeat(new ClusterReplica { System = Small }, servers)],
        StartSeconds = 100,
        WakeSeconds = 10,
    };

    private static double At(ClusterSummary summary, ActionKind kind) => summary.Actions.First(action => action.Kind == kind).AtSeconds;
}
