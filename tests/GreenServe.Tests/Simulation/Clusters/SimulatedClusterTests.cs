using CsCheck;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class SimulatedClusterTests
{
    private static readonly SimulatedSystem Small = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };

    private static readonly Gen<List<ScheduledRequest>> ClusterRequests =
        Gen.Select(Gen.Double[0, 0.2], Gen.Int[1, 3000], Gen.Int[1, 300]).List[1, 60].Select(ToSchedule);

    [Fact]
    public void Execute_ReportsTheSameAsASingleRun_ForOneInstance() =>
        ClusterRequests.Sample(
            requests =>
            {
                Recorder alone = new();
                SimulationSummary expected = SimulatedRun.Execute(new RequestSchedule(requests), Small, alone);
                (Recorder together, ClusterSummary actual) = Run(requests, Cluster(1));

                Assert.Equal(alone.Outcomes, together.Outcomes);
                Assert.Equal((expected.TotalJoules, expected.DurationSeconds), (actual.TotalJoules, actual.DurationSeconds));
            },
            iter: 30);

    [Theory]
    [InlineData(RouterKind.RoundRobin)]
    [InlineData(RouterKind.LeastRequests)]
    [InlineData(RouterKind.LeastTokens)]
    public void Execute_ConservesTokensAndEnergy_ForEveryRouter(RouterKind router) =>
        ClusterRequests.Sample(
            requests =>
            {
                ClusterDefinition cluster = Cluster(3) with { Router = router };
                (Recorder recorder, ClusterSummary summary) = Run(requests, cluster);

                Assert.Equal(requests.Count, summary.CompletedRequests);
                Assert.Equal(requests.Sum(request => request.OutputTokens - 1L), recorder.Gaps.Values.Sum(gaps => gaps.Count));
                AssertRelative(summary.TotalJoules, recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules, 1e-9);
                AssertRelative(3 * summary.DurationSeconds, recorder.Stretches.Sum(stretch => stretch.Seconds), 1e-9);
            },
            iter: 30);

    [Fact]
    public void Execute_SpreadsRequestsEvenly_WhenTheyAreEqual()
    {
        List<ScheduledRequest> requests = ToSchedule([.. Enumerable.Range(0, 120).Select(_ => (0.02, 500, 100))]);
        foreach (RouterKind router in Enum.GetValues<RouterKind>())
        {
            (_, ClusterSummary summary) = Run(requests, Cluster(4) with { Router = router });
            Assert.All(summary.CompletedByReplica, count => Assert.InRange(count, 28, 32));
        }
    }

    [Fact]
    public void Execute_FinishesSooner_WithJoinShortestQueueThanWithRoundRobin_WhenLengthsDiffer()
    {
        List<ScheduledRequest> requests = ToSchedule(
            [.. Enumerable.Range(0, 400).Select(id => (0.05, id % 4 == 0 ? 8000 : 100, id % 4 == 0 ? 600 : 20))]);
        Recorder roundRobin = Run(requests, Cluster(4) with { Router = RouterKind.RoundRobin }).Recorder;
        Recorder leastTokens = Run(requests, Cluster(4) with { Router = RouterKind.LeastTokens }).Recorder;
        Assert.True(
            MeanE2eSeconds(leastTokens) < MeanE2eSeconds(roundRobin),
            $"{MeanE2eSeconds(leastTokens)} s against {MeanE2eSeconds(roundRobin)} s");
    }

    [Fact]
    public void Execute_SendsRequestsToTheInstancesOfTheirClass()
    {
        HashSet<string> others = [.. RequestClass.All.Select(requestClass => requestClass.Name).Where(name => name != "SS")];
        ClusterDefinition cluster = Cluster(2);
        cluster = cluster with
        {
            Replicas =
            [
                cluster.Replicas[0] with { Classes = new HashSet<string> { "SS" } },
                cluster.Replicas[1] with { Classes = others },
            ],
        };
        List<ScheduledRequest> requests = ToSchedule(
            [.. Enumerable.Range(0, 60).Select(id => (0.1, id % 3 == 0 ? 100 : 2000, id % 3 == 0 ? 50 : 400))]);

        (Recorder recorder, _) = Run(requests, cluster);

        Assert.All(recorder.Outcomes, outcome => Assert.Equal(outcome.Request.Class.Name == "SS" ? 0 : 1, outcome.Replica));
    }

    [Fact]
    public void Execute_DrawsThePowerOfItsStates_WithoutRequests()
    {
        // One instance of TP 1 in a server of 4 serves. Another is off until 100 s and then starts for 420 s. The only request ends the
        // run.
        List<ScheduledRequest> requests = [Request(0, 1000, 100, 1)];
        SimulatedSystem system = Small with { GpuCount = 4 };
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = system }, new ClusterReplica { System = system, StartsOff = true }],
            Changes = [new ReplicaChange(100, 1, ReplicaAction.Start)],
        };
        (Recorder recorder, ClusterSummary summary) = Run(requests, cluster);

        // H100: 123 W loaded, 75 W without a process.
        double end = summary.DurationSeconds;
        double busy = recorder.Outcomes[0].CompletedSeconds!.Value - 1000 - system.Engine.FrontEndSeconds;
        Assert.Equal(3 * 75 * (end + end - 100), summary.UnusedJoules, 1e-6);
        Assert.Equal(123 * (end - busy + end - 520), summary.IdleJoules, 1e-6);
        Assert.Equal(123 * 420, summary.TransitionJoules, 1e-6);
        double parts = summary.UnusedJoules + summary.IdleJoules + summary.TransitionJoules + recorder.Outcomes[0].EnergyJoules;
        AssertRelative(summary.TotalJoules, parts, 1e-12);
    }

    [Fact]
    public void Execute_WaitsForTheStart_WhenEveryInstanceIsOff()
    {
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = Small, StartsOff = true }],
            Changes = [new ReplicaChange(10, 0, ReplicaAction.Start)],
        };
        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], cluster);

        Assert.InRange(recorder.Outcomes[0].FirstTokenSeconds!.Value, 430, 430.1);
        Assert.True(summary.Verdict.IsValid);
    }

    [Fact]
    public void Execute_IsInvalid_WhenNoInstanceEverServes()
    {
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = Small, StartsOff = true }] };
        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], cluster);

        Assert.Equal("no-replica", Assert.Single(summary.Verdict.Reasons).Code);
        RequestOutcome outcome = Assert.Single(recorder.Outcomes);
        Assert.Equal(RequestStatus.Cancelled, outcome.Status);
        Assert.Null(outcome.Replica);
    }

    [Fact]
    public void Execute_StallsForAClockChange_AndIsSlowerAfterIt()
    {
        List<ScheduledRequest> requests = [Request(0, 0, 1000, 400)];
        (Recorder before, _) = Run(requests, Cluster(1));
        ClusterDefinition cluster = Cluster(1) with
        {
            Changes = [new ReplicaChange(1, 0, ReplicaAction.SetClock, 600)],
            ClockChangeSeconds = 0.5,
        };
        (Recorder after, ClusterSummary summary) = Run(requests, cluster);

        double unchanged = before.Outcomes[0].CompletedSeconds!.Value;
        double changed = after.Outcomes[0].CompletedSeconds!.Value;
        Assert.InRange(changed - unchanged, 0.5, 0.5 + unchanged);
        Assert.Contains(after.Stretches, stretch => stretch.IsIdle && Math.Abs(stretch.Seconds - 0.5) < 1e-12);
        Assert.Equal(600, after.Stretches[^1].ClockMegahertz, 1e-6);
        AssertRelative(summary.TotalJoules, after.Outcomes[0].EnergyJoules + summary.IdleJoules + summary.TransitionJoules, 1e-9);
    }

    [Fact]
    public void Execute_DrainsThenReshards_AndContinuesWithTheNewShape()
    {
        SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 2 };
        List<ScheduledRequest> requests = [Request(0, 0, 1000, 200), Request(1, 2, 1000, 200)];
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = system }],
            Changes = [new ReplicaChange(0.5, 0, ReplicaAction.Reshard, 2)],
            ReshardSeconds = 60,
        };
        (Recorder recorder, ClusterSummary summary) = Run(requests, cluster);

        RequestOutcome first = recorder.Outcomes[0];
        RequestOutcome second = recorder.Outcomes[1];
        Assert.InRange(second.FirstTokenSeconds!.Value - first.CompletedSeconds!.Value, 60, 60.2);
        double Tbt(RequestOutcome outcome) => (outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value) / 199;
        Assert.True(Tbt(second) < Tbt(first), "two accelerators are faster than one");

        // The second accelerator idles until the weights move.
        Assert.Equal(75 * first.CompletedSeconds.Value, summary.UnusedJoules, 1e-6);
    }

    [Fact]
    public void Execute_SeparatesPromptsFromLaterTokens_WithPrefillAndDecodeInstances()
    {
        List<ScheduledRequest> requests = ToSchedule(
            [.. Enumerable.Range(0, 200).Select(id => (0.1, 2000 + (id % 5 * 500), 100 + (id % 7 * 20)))]);
        ClusterReplica replica = new() { System = Small };
        ClusterDefinition apart = new()
        {
            Replicas =
            [
                replica with { Role = ReplicaRole.Prefill },
                replica with { Role = ReplicaRole.Prefill },
                replica with { Role = ReplicaRole.Decode },
                replica with { Role = ReplicaRole.Decode },
            ],
        };
        (Recorder recorder, ClusterSummary summary) = Run(requests, apart);
        (Recorder together, _) = Run(requests, Cluster(4));

        Assert.Equal(200, summary.CompletedRequests);
        Assert.All(recorder.Outcomes, outcome => Assert.InRange(outcome.Replica!.Value, 2, 3));
        Assert.Equal(requests.Sum(request => request.OutputTokens - 1L), recorder.Gaps.Values.Sum(gaps => gaps.Count));
        AssertRelative(summary.TotalJoules, recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules, 1e-9);

        // No token waits for a prompt: decode instances process one token of a moved prompt, prefill instances decode nothing.
        ILookup<bool, StretchWork> workOfDecoding =
            recorder.Stretches.Where(stretch => !stretch.IsIdle).ToLookup(stretch => stretch.Replica >= 2, stretch => stretch.Work!.Value);
        Assert.All(workOfDecoding[false], work => Assert.Equal(0, work.DecodeSequences));
        Assert.All(workOfDecoding[true], work => Assert.InRange(work.PrefillTokens, 0, 4));
        Assert.True(
            recorder.Outcomes.Average(outcome => outcome.TbtMaxSeconds) < together.Outcomes.Average(outcome => outcome.TbtMaxSeconds));

        // The first gap holds the move: 2000 tokens of 131,072 bytes over 50 GB/s and 2 ms.
        Assert.All(recorder.Outcomes, outcome => Assert.True(outcome.TbtMaxSeconds > 0.002 + (2000 * 131072 / 50e9)));
    }

    [Fact]
    public void Execute_IsInvalid_WhenTheLoadIsAboveTheCapacityOfTheCluster()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 30_000).Select(id => Request(id, id / 30.0, 4000, 300))];
        (_, ClusterSummary summary) = Run(requests, Cluster(2));
        Assert.Equal("saturated", Assert.Single(summary.Verdict.Reasons).Code);
        Assert.True(summary.DurationSeconds < 2010);
    }

    [Fact]
    public void Execute_ShowsWaitingRequests_WhileAClockChangeStallsTheInstance()
    {
        ClusterDefinition cluster = Cluster(1) with
        {
            Changes = [new ReplicaChange(1, 0, ReplicaAction.SetClock, 600)],
            ClockChangeSeconds = 0.5,
        };

        (Recorder recorder, _) = Run([Request(0, 0, 1000, 400), Request(1, 1.2, 1000, 10)], cluster);

        // The second request arrives within the stall, which begins soon after 1 s and lasts half a second.
        StepStretch stall = Assert.Single(recorder.Stretches, stretch => stretch.IsIdle && Math.Abs(stretch.Seconds - 0.5) < 1e-12);
        Assert.Equal(1, stall.WaitingRequests);
    }

    private static double MeanE2eSeconds(Recorder recorder) =>
        recorder.Outcomes.Average(outcome => outcome.CompletedSeconds!.Value - outcome.IssuedSeconds);

    private static ClusterDefinition Cluster(int replicas) =>
        new() { Replicas = [.. Enumerable.Range(0, replicas).Select(_ => new ClusterReplica { System = Small })] };

    private static (Recorder Recorder, ClusterSummary Summary) Run(List<ScheduledRequest> requests, ClusterDefinition cluster)
    {
        Recorder recorder = new();
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder));
    }
}
