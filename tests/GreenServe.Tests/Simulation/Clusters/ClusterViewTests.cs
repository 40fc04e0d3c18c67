using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>What a policy observes of a cluster and its requests.</summary>
public sealed class ClusterViewTests
{
    private static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 4 };

    [Fact]
    public void Observe_HearsOfEveryFirstTokenAndCompletion_Once()
    {
        List<RequestEvent> heard = [];
        ScriptedPolicy policy = new() { OnEvent = (happened, _, _) => heard.Add(happened) };

        (Recorder recorder, _) = Run([Request(0, 0, 1000, 50), Request(1, 0.1, 1000, 1)], Cluster(2), policy);

        Assert.Equal(2, heard.Count(item => item.Kind == RequestEventKind.FirstToken));
        RequestEvent completed = heard.Single(item => item is { Kind: RequestEventKind.Completed, Request.Id: 0 });
        RequestOutcome outcome = recorder.Outcomes.Single(item => item.Request.Id == 0);
        Assert.Equal(outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds, completed.TtftSeconds, 1e-12);
        Assert.Equal((outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds.Value) / 49, completed.TpotSeconds!.Value, 1e-12);
        Assert.Null(heard.Single(item => item is { Kind: RequestEventKind.Completed, Request.Id: 1 }).TpotSeconds);
    }

    [Fact]
    public void View_ShowsTheLoadOfAnInstance_WithinAStretch()
    {
        List<(int Prompts, int Decoding, long Context, double Fill)> seen = [];
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [1],
            OnTick = (_, cluster, _) =>
            {
                IInstanceView instance = cluster.Instances[0];
                seen.Add((instance.PromptRequests, instance.DecodingRequests, instance.ContextTokens, instance.CacheFillRatio));
            },
        };

        (Recorder recorder, _) = Run([Request(0, 0, 1000, 300)], Cluster(1), policy);

        // At 1 s the request has its prompt and a token for each step so far.
        StepStretch decode = recorder.Stretches.First(stretch => stretch.Work is { DecodeSequences: 1 });
        int steps = decode.StepSeconds.CountReaching(1 - decode.StartSeconds, decode.Count) - 1;
        Assert.Equal((0, 1, 1001L + steps), (seen[0].Prompts, seen[0].Decoding, seen[0].Context));
        Assert.InRange(seen[0].Fill, 1e-6, 0.1);
    }

    private static ClusterDefinition Cluster(int servers) =>
        new() { Replicas = [.. Enumerable.Range(0, servers).Select(_ => new ClusterReplica { System = Server })] };

    private static (Recorder Recorder, ClusterSummary Summary) Run(
        List<ScheduledRequest> requests, ClusterDefinition cluster, IClusterPolicy? policy)
    {
        Recorder recorder = new();
        ClusterController? controller = policy is null ? null : new ClusterController(policy);
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, controller));
    }
}
