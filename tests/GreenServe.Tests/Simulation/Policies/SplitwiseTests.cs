using CsCheck;
using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class SplitwiseTests
{
    private static readonly SimulatedSystem Machine = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };

    [Fact]
    public void Route_SplitsEachRequest_AndLeavesTheRolesAlone_WhileThereIsRoom()
    {
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 20).Select(id => Request(id, id, 2000, 100))];

        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(Machine, prompts: 2, tokens: 2));

        Assert.Equal(20, summary.CompletedRequests);
        Assert.Empty(summary.Actions);
        Assert.All(recorder.Outcomes, outcome => Assert.InRange(outcome.Replica!.Value, 2, 3));
    }

    [Fact]
    public void Route_TakesATokenMachineForPrompts_WhenTooManyTokensWait_AndReturnsIt()
    {
        // 5,000 tokens are at the prompt machine when the second prompt comes: together they are more than 8,192. The third does not
        // fit either, and the token machine is in the mixed pool by then, with 5,000 tokens of its own.
        List<ScheduledRequest> requests = [Request(0, 0, 5000, 20), Request(1, 0, 5000, 20)];

        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(Machine, prompts: 1, tokens: 1));

        Assert.Equal(["1 mixed", "1 decode"], summary.Actions.Select(action => $"{action.Instance} {action.Setting}"));
        Assert.Equal(2, summary.CompletedRequests);
        Assert.All(recorder.Outcomes, outcome => Assert.Equal(1, outcome.Replica));

        // Both prompts are processed side by side, so that both have their first token at about the time of one.
        double[] firstTokens = [.. recorder.Outcomes.Select(outcome => outcome.FirstTokenSeconds!.Value).Order()];
        Assert.InRange(firstTokens[1] / firstTokens[0], 1, 1.1);

        // The token machine is home once it has processed the foreign prompt.
        Assert.Equal(firstTokens[1], summary.Actions[1].EffectiveSeconds!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Route_TakesAPromptMachineForTokens_WhenTheCacheIsReserved_AndReturnsIt()
    {
        // The cache of the token machine holds one of the two requests of 3,000 tokens.
        List<ScheduledRequest> requests = [Request(0, 0, 2000, 1000), Request(1, 1, 2000, 1000)];

        (Recorder recorder, ClusterSummary summary) = Run(requests, Cluster(Machine.WithCache(5000), prompts: 1, tokens: 1));

        Assert.Equal(["0 mixed", "0 prefill"], summary.Actions.Select(action => $"{action.Instance} {action.Setting}"));
        Assert.Equal([1, 0], recorder.Outcomes.OrderBy(outcome => outcome.Request.Id).Select(outcome => outcome.Replica!.Value));
        Assert.Equal(recorder.Outcomes.Max(outcome => outcome.CompletedSeconds), summary.Actions[1].EffectiveSeconds);
    }

    /// <summary>No request is lost or served twice however machines move between the pools, and all are home at the end.</summary>
    [Fact]
    public void Route_ServesEveryRequestOnce_ForAnyLoad() =>
        Gen.Select(Requests, Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[4000, 40_000], Gen.Int[500, 9000]).Sample(
            (requests, prompts, tokens, cache, pending) =>
            {
                ClusterDefinition cluster = Cluster(Machine.WithCache(cache), prompts, tokens);

                (Recorder recorder, ClusterSummary summary) = Run(requests, cluster, pending);

                Assert.Equal(requests.Select(request => request.Id), recorder.Outcomes.Select(outcome => outcome.Request.Id).Order());
                Assert.Equal(requests.Count, summary.CompletedRequests);
                Assert.All(summary.Actions, action => Assert.Null(action.Refusal));
                Assert.All(
                    summary.Actions.GroupBy(action => action.Instance),
                    ofOne => Assert.Equal(ofOne.Key < prompts ? "prefill" : "decode", ofOne.Last().Setting));
                double energy = recorder.Outcomes.Sum(outcome => outcome.EnergyJoules);
                AssertRelative(summary.TotalJoules, energy + summary.IdleJoules + summary.TransitionJoules + summary.UnusedJoules, 1e-9);
            },
            iter: 30);

    [Fact]
    public void CheckFor_NamesTheRolesThatAreMissing()
    {
        ClusterDefinition whole = new() { Replicas = [new ClusterReplica { System = Machine }] };

        IEnumerable<Problem> problems = Policy().CheckFor(Setting(whole, []));

        Assert.Equal(["no server with the role prefill", "no server with the role decode"], problems.Select(problem => problem.Found));
    }

    private static Splitwise Policy(int maxPendingTokens = 8192) =>
        new() { Name = "splitwise", Source = "test", MaxPendingTokens = maxPendingTokens };

    private static ClusterDefinition Cluster(SimulatedSystem system, int prompts, int tokens) => new()
    {
        Replicas =
        [
            .. Enumerable.Repeat(new ClusterReplica { System = system, Role = ReplicaRole.Prefill }, prompts),
            .. Enumerable.Repeat(new ClusterReplica { System = system, Role = ReplicaRole.Decode }, tokens),
        ],
    };

    private static PolicySetting Setting(ClusterDefinition cluster, List<ScheduledRequest> requests) =>
        new() { Cluster = cluster, Schedule = new RequestSchedule(requests) };

    private static (Recorder Recorder, ClusterSummary Summary) Run(
        List<ScheduledRequest> requests, ClusterDefinition cluster, int maxPendingTokens = 8192)
    {
        Recorder recorder = new();
        ClusterController controller = new(Policy(maxPendingTokens).Create(Setting(cluster, requests)));
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, controller));
    }
}
