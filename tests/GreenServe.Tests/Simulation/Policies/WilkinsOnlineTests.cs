using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Policies.Wilkins;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class WilkinsOnlineTests
{
    private static readonly WilkinsOnline Online = new() { Name = "online", Source = "test", ResetAfterRequests = 1 };

    [Fact]
    public void Execute_SavesEnergyAndLosesQuality_WhenEnergyWeighsMore()
    {
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 40, 2, 300, 60);

        ClusterSummary accurate = Run(requests, TwoModels(), Online with { EnergyWeightRatio = 0 }).Summary;
        ClusterSummary frugal = Run(requests, TwoModels(), Online with { EnergyWeightRatio = 1 }).Summary;

        Assert.True(frugal.MeanQualityRatio < accurate.MeanQualityRatio);
        Assert.True(frugal.TotalJoules < accurate.TotalJoules, $"{frugal.TotalJoules} J against {accurate.TotalJoules} J");
    }

    [Fact]
    public void Execute_ShortensWaits_WithThePenaltyForWaitingRequests()
    {
        // More than one accelerator serves (about fifteen such prompts a second), while energy alone would send all of it there.
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 8, 22, 3000, 10);

        double without = MeanTtft(Online with { EnergyWeightRatio = 1, CostPerWaitingRequest = 0 });
        double with = MeanTtft(Online with { EnergyWeightRatio = 1 });

        Assert.True(with < without / 2, $"{with} s against {without} s");

        double MeanTtft(WilkinsOnline policy) => Run(requests, TwoModels(), policy).Recorder.Outcomes
            .Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
    }

    [Fact]
    public void Execute_SendsRequestsElsewhere_WhileAModelHasCosts()
    {
        // Without a reset a model keeps the costs of what it serves. Both cost the same here, so the two models take turns.
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 4).Select(id => Request(id, 0.001 * id, 300, 200))];
        ClusterReplica server = TwoModels().Replicas[0];
        ClusterDefinition twins = new() { Replicas = [server, server with { Quality = Quality(0.61) }] };

        ClusterSummary summary = Run(requests, twins, Online with { EnergyWeightRatio = 1, ResetAfterRequests = null }).Summary;

        Assert.Equal([2, 2], summary.CompletedByReplica);
    }

    [Fact]
    public void LatestMaximum_ForgetsWhatIsOld()
    {
        LatestMaximum maximum = new(2);
        maximum.Add(5);
        maximum.Add(1);
        Assert.Equal(5, maximum.Value);

        maximum.Add(2);

        Assert.Equal(2, maximum.Value);
    }

    [Fact]
    public void CheckFor_AsksForTheQualityOfEachModel() => Assert.Equal(
        [
            "replicas: got servers that are all alike, want at least two models to choose from",
            "servers of llama-3.1-8b: quality: got nothing, want how good its answers are, stated in the cluster file",
        ],
        Problems(Online, new ClusterDefinition { Replicas = [new ClusterReplica { System = Small }] })
            .Select(problem => problem.ToString()));
}
