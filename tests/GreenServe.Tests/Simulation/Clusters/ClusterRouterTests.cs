using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>What the router of a cluster knows of requests.</summary>
public sealed class ClusterRouterTests
{
    private static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1 - 1e-9, 0)]
    public void Choose_CountsPredictedLengths_WhenThePredictorErrs(double accuracy, int expected)
    {
        // 100 + 90 tokens go to instance 0, 100 + 2 to instance 1. The third request goes to the fewer tokens, on instance 1, where lengths
        // are known. Both outputs are short, so that predictions are the same: a tie, which instance 0 wins.
        List<ScheduledRequest> requests = [Request(0, 0, 100, 90), Request(1, 0.0001, 100, 2), Request(2, 0.0002, 100, 50)];

        Assert.Equal(expected, InstancesOf(requests, accuracy)[2]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Choose_TakesThePredictedClass_WhenThePredictorErrs(double accuracy, int expected)
    {
        // Instance 0 serves only short outputs of short prompts. A predictor that is always wrong never calls this output short.
        List<ScheduledRequest> requests = [Request(0, 0, 100, 50)];

        Assert.Equal(expected, InstancesOf(requests, accuracy, classes: ["SS"])[0]);
    }

    [Fact]
    public void Choose_TakesTrueLengths_WithoutAPolicy()
    {
        Recorder recorder = new();
        SimulatedCluster.Execute(
            new RequestSchedule([Request(0, 0, 100, 90), Request(1, 0.0001, 100, 2), Request(2, 0.0002, 100, 50)]), Two(null), recorder);

        Assert.Equal(1, recorder.Outcomes.Single(outcome => outcome.Request.Id == 2).Replica);
    }

    private static ClusterDefinition Two(string[]? classes) => new()
    {
        Replicas = [new ClusterReplica { System = Server, Classes = classes?.ToHashSet() }, new ClusterReplica { System = Server }],
    };

    private static int?[] InstancesOf(List<ScheduledRequest> requests, double accuracy, string[]? classes = null)
    {
        Recorder recorder = new();
        ScriptedPolicy policy = new() { Predictor = OutputPredictor.WithAccuracy(accuracy) };
        SimulatedCluster.Execute(new RequestSchedule(requests), Two(classes), recorder, new ClusterController(policy));
        return [.. recorder.Outcomes.OrderBy(outcome => outcome.Request.Id).Select(outcome => (int?)outcome.Replica)];
    }
}
