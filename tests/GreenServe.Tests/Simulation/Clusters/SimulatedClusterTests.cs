using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class SimulatedClusterTests
{
    private static readonly RequestClassCuts Cuts = new();
    private static readonly SimulatedSystem Small = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };

    private static readonly Gen<List<ScheduledRequest>> Requests =
        Gen.Select(Gen.Double[0, 0.2], Gen.Int[1, 3000], Gen.Int[1, 300]).List[1, 60].Select(ToSchedule);

    [Fact]
    public void Execute_TellsTheSameAsASingleRun_ForOneInstance() =>
        Requests.Sample(
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
        Requests.Sample(
            requests =>
            {
                ClusterDefinition cluster = Cluster(3) with { Router = router };
                (Recorder recorder, ClusterSummary summary) = Run(requests, cluster);

                Assert.Equal(requests.Count, summary.CompletedRequests);
                Assert.Equal(requests.Sum(request => request.OutputTokens - 1L), recorder.Gaps.Values.Sum(gaps => gaps.Count));
                AssertRelative(summary.TotalJoules, recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules, 1e-9);
                AssertRelative(3 * summary.DurationSeconds, recorder.Seconds, 1e-9);
            },
            iter: 30);

    [Fact]
    public void Execute_SpreadsRequestsEvenly_WhenTheyAreAlike()
    {
        List<ScheduledRequest> requests = ToSchedule([.. Enumerable.Range(0, 120).Select(_ => (0.02, 500, 100))]);
        foreach (RouterKind router in Enum.GetValues<RouterKind>())
        {
            Assert.All(Run(requests, Cluster(4) with { Router = router }).Summary.CompletedByReplica, count => Assert.InRange(count, 29, 31));
        }
    }

    [Fact]
    public void Execute_FinishesSooner_WithJoinShortestQueueThanWithRoundRobin_WhenLengthsDiffer()
    {
        List<ScheduledRequest> requests = ToSchedule([.. Enumerable.Range(0, 400).Select(id => (0.05, id % 4 == 0 ? 8000 : 100, id % 4 == 0 ? 600 : 20))]);
        double roundRobin = Run(requests, Cluster(4) with { Router = RouterKind.RoundRobin }).Recorder.MeanE2e;
        double leastTokens = Run(requests, Cluster(4) with { Router = RouterKind.LeastTokens }).Recorder.MeanE2e;
        Assert.True(leastTokens < roundRobin, $"{leastTokens} s against {roundRobin} s");
    }

    [Fact]
    public void Execute_SendsClassesWhereTheyBelong()
    {
        ClusterDefinition cluster = Cluster(2);
        cluster = cluster with
        {
            Replicas =
            [
                cluster.Replicas[0] with { Classes = new HashSet<string> { "SS" } },
                cluster.Replicas[1] with { Classes = new HashSet<string>(RequestClass.All.Select(name => name.Name).Where(name => name != "SS")) },
            ],
        };
        (Recorder recorder, _) = Run(ToSchedule([.. Enumerable.Range(0, 60).Select(id => (0.1, id % 3 == 0 ? 100 : 2000, id % 3 == 0 ? 50 : 400))]), cluster);
        Assert.All(recorder.Outcomes, outcome => Assert.Equal(outcome.Request.Class.Name == "SS" ? 0 : 1, outcome.Replica));
    }

    [Fact]
    public void Execute_DrawsWhatItsStatesDraw_WithoutRequests()
    {
        // One instance of TP 1 in a server of 4 serves; one is off until 100 s and then starts for 420 s; the run ends with the one request.
        List<ScheduledRequest> requests = [Request(0, 1000, 100, 1)];
        SimulatedSystem system = Small with { GpuCount = 4 };
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = system }, new ClusterReplica { System = system, StartsOff = true }],
            Changes = [new ReplicaChange(100, 1, ReplicaAction.Start)],
        };
        (Recorder recorder, ClusterSummary summary) = Run(requests, cluster);

        // H100: 126 W loaded, 75 W without a process.
        double end = summary.DurationSeconds;
        double busy = recorder.Outcomes[0].CompletedSeconds!.Value - 1000 - system.Engine.FrontEndSeconds;
        Assert.Equal(3 * 75 * (end + end - 100), summary.UnusedJoules, 1e-6);
        Assert.Equal(126 * (end - busy + end - 100), summary.IdleJoules, 1e-6);
        AssertRelative(summary.TotalJoules, summary.UnusedJoules + summary.IdleJoules + recorder.Outcomes[0].EnergyJoules, 1e-12);
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
    public void Execute_SaysThatNobodyServes_WhenNoInstanceEverDoes()
    {
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = Small, StartsOff = true }] };
        (Recorder recorder, ClusterSummary summary) = Run([Request(0, 1, 100, 10)], cluster);

        Assert.Equal("no-replica", Assert.Single(summary.Verdict.Reasons).Code);
        Assert.Equal(RequestStatus.Cancelled, Assert.Single(recorder.Outcomes).Status);
    }

    [Fact]
    public void Execute_StallsForAClockChange_AndIsSlowerAfterIt()
    {
        List<ScheduledRequest> requests = [Request(0, 0, 1000, 400)];
        (Recorder before, _) = Run(requests, Cluster(1));
        ClusterDefinition cluster = Cluster(1) with { Changes = [new ReplicaChange(1, 0, ReplicaAction.SetClock, 600)], ClockChangeSeconds = 0.5 };
        (Recorder after, ClusterSummary summary) = Run(requests, cluster);

        double unchanged = before.Outcomes[0].CompletedSeconds!.Value;
        double changed = after.Outcomes[0].CompletedSeconds!.Value;
        Assert.InRange(changed - unchanged, 0.5, 0.5 + unchanged);
        Assert.Contains(after.Stretches, stretch => stretch.IsIdle && Math.Abs(stretch.Seconds - 0.5) < 1e-12);
        Assert.Equal(600, after.Stretches[^1].ClockMegahertz, 1e-6);
        AssertRelative(summary.TotalJoules, after.Outcomes[0].EnergyJoules + summary.IdleJoules, 1e-9);
    }

    [Fact]
    public void Execute_DrainsThenReshards_AndGoesOnWithTheNewShape()
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
    public void Execute_ServesPromptsAndTheRestApart()
    {
        List<ScheduledRequest> requests = ToSchedule([.. Enumerable.Range(0, 200).Select(id => (0.1, 2000 + (id % 5 * 500), 100 + (id % 7 * 20)))]);
        ClusterReplica replica = new() { System = Small };
        ClusterDefinition apart = new()
        {
            Replicas = [replica with { Role = ReplicaRole.Prefill }, replica with { Role = ReplicaRole.Prefill }, replica with { Role = ReplicaRole.Decode }, replica with { Role = ReplicaRole.Decode }],
        };
        (Recorder recorder, ClusterSummary summary) = Run(requests, apart);
        (Recorder together, _) = Run(requests, Cluster(4));

        Assert.Equal(200, summary.CompletedRequests);
        Assert.All(recorder.Outcomes, outcome => Assert.InRange(outcome.Replica, 2, 3));
        Assert.Equal(requests.Sum(request => request.OutputTokens - 1L), recorder.Gaps.Values.Sum(gaps => gaps.Count));
        AssertRelative(summary.TotalJoules, recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules, 1e-9);

        // No token waits for a prompt: decode instances process one token of a moved prompt, prefill instances decode nothing.
        Assert.All(recorder.Stretches.Where(stretch => stretch.Replica < 2), stretch => Assert.Equal(0, stretch.DecodeSequences));
        Assert.All(recorder.Stretches.Where(stretch => stretch.Replica >= 2), stretch => Assert.InRange(stretch.PrefillTokens, 0, 4));
        Assert.True(
            recorder.Outcomes.Average(outcome => outcome.TbtMaxSeconds) < together.Outcomes.Average(outcome => outcome.TbtMaxSeconds));

        // The first gap holds the move: 2000 tokens of 131,072 bytes over 50 GB/s and 2 ms.
        Assert.All(recorder.Outcomes, outcome => Assert.True(outcome.TbtMaxSeconds > 0.002 + (2000 * 131072 / 50e9)));
    }

    [Fact]
    public void Execute_SaysSaturated_WhenTheLoadIsAboveTheClustersCapacity()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 30_000).Select(id => Request(id, id / 30.0, 4000, 300))];
        (_, ClusterSummary summary) = Run(requests, Cluster(2));
        Assert.Equal("saturated", Assert.Single(summary.Verdict.Reasons).Code);
        Assert.True(summary.DurationSeconds < 2010);
    }

    [Fact]
    public void Execute_RefusesEverythingThatIsWrong_AtOnce()
    {
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = Small, Role = ReplicaRole.Prefill }],
            Changes = [new ReplicaChange(5, 3, ReplicaAction.Start), new ReplicaChange(1, 0, ReplicaAction.SetClock, 9000)],
            StartSeconds = -1,
        };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Run([], cluster));

        Assert.Equal(
            ["changes[0]", "changes[1]", "changes[1]: knobs.gpu_clock_megahertz", "cluster delays", "replicas"],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Set_KeepsTheLeastFirst_ForAnyChanges() =>
        Gen.Select(Gen.Int[0, 12], Gen.Double[0, 10]).List[1, 200].Sample(changes =>
        {
            IndexedHeap heap = new(13);
            double[] keys = [.. Enumerable.Repeat(double.PositiveInfinity, 13)];
            foreach ((int number, double key) in changes)
            {
                heap.Set(number, key);
                keys[number] = key;
                Assert.Equal(keys.Min(), heap.MinKey);
                Assert.Equal(Array.IndexOf(keys, keys.Min()), heap.Min);
            }
        });

    private static ClusterDefinition Cluster(int replicas) =>
        new() { Replicas = [.. Enumerable.Range(0, replicas).Select(_ => new ClusterReplica { System = Small })] };

    private static (Recorder Recorder, ClusterSummary Summary) Run(List<ScheduledRequest> requests, ClusterDefinition cluster)
    {
        Recorder recorder = new();
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder));
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    private static List<ScheduledRequest> ToSchedule(List<(double Gap, int Input, int Output)> drawn)
    {
        double seconds = 0;
        return [.. drawn.Select((item, id) => Request(id, seconds += item.Gap, item.Input, item.Output))];
    }

    private static ScheduledRequest Request(int id, double seconds, int input, int output) =>
        new(id, seconds, Cuts.Classify(input, output), input, output);

    private sealed class Recorder : ISimulationSink
    {
        internal List<RequestOutcome> Outcomes { get; } = [];

        internal List<StepStretch> Stretches { get; } = [];

        internal Dictionary<string, LatencyHistogram> Gaps { get; } = [];

        internal double Seconds => Stretches.Sum(stretch => stretch.Seconds);

        internal double MeanE2e => Outcomes.Average(outcome => outcome.CompletedSeconds!.Value - outcome.IssuedSeconds);

        public void Add(in StepStretch stretch) => Stretches.Add(stretch);

        public void Add(in RequestOutcome outcome) => Outcomes.Add(outcome);

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => Gaps.Add(requestClass, gaps);
    }
}
