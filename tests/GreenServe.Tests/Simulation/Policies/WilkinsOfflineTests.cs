using CsCheck;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.Wilkins;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class WilkinsOfflineTests
{
    /// <summary>
    /// Coefficients and accuracies of Wilkins, Keshav and Mortier (thesis and code) for Llama-2 7B, 13B and 70B on A100 without a cache.
    /// The coefficients of this suite's engines differ from these numbers, which only test the assignment of requests to models.
    /// </summary>
    private static readonly ModelChoice Published = new(
        [new ServerGroup("7B", []), new ServerGroup("13B", []), new ServerGroup("70B", [])],
        [
            new RequestEnergyFit(-3.894991, 31.522735, 0.042712, 1),
            new RequestEnergyFit(-6.794323, 56.008311, 0.072861, 1),
            new RequestEnergyFit(-12.0294, 414.8197, 0.3145, 1),
        ],
        [0.5097, 0.5569, 0.6452]);

    private static readonly WilkinsOffline Offline = new()
    {
        Name = "offline",
        Source = "test",
        MinimumShares = new Dictionary<string, double> { ["7B"] = 0.0125, ["13B"] = 0.05, ["70B"] = 0.1875 },
    };

    private static readonly Gen<List<RequestLengths>> Requests =
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 600]).List[3, 60].Select(drawn =>
            drawn.Select(lengths => new RequestLengths(lengths.Item1, lengths.Item2)).ToList());

    [Theory]
    [InlineData(0, 3, 10, 187)] // accuracy alone: all but the least numbers to the largest model
    [InlineData(1, 152, 10, 38)] // energy alone: all but the least numbers to the smallest model
    public void Assign_GivesAllButTheLeastNumbersToTheBestModel_AtTheEndsOfTheWeight(double weight, params int[] expected)
    {
        // 200 requests. The shares of the paper's code: 0.0125 * 200 = 2.5, 10 and 37.5, rounded up.
        List<RequestLengths> requests = [.. Enumerable.Range(0, 200).Select(id => new RequestLengths(10 + (id % 40), 30 + (7 * id % 200)))];
        int[] floors = Offline.Floors(["7B", "13B", "70B"], requests.Count);

        Assert.Equal([3, 10, 38], floors);
        Assert.Equal(expected, CountsOf(WilkinsOffline.Assign(Published, requests, weight, floors)));
    }

    [Fact]
    public void Assign_NeverRaisesEnergyOrAccuracy_WhenEnergyWeighsMore() => Requests.Sample(
        requests =>
        {
            int[] floors = Offline.Floors(["7B", "13B", "70B"], requests.Count);
            (double joules, double quality) = (double.PositiveInfinity, double.PositiveInfinity);
            for (int tenth = 0; tenth <= 10; tenth++)
            {
                int[] models = WilkinsOffline.Assign(Published, requests, tenth / 10.0, floors);
                double nowJoules = models.Zip(requests).Sum(pair => Published.Joules(pair.First, pair.Second));
                double nowQuality = models.Zip(requests).Sum(pair => Published.QualityTokens(pair.First, pair.Second));

                // Costs are rounded to a billionth of the largest, which lets the sums err by as much for each request.
                Assert.True(nowJoules <= joules * (1 + 1e-6), $"{nowJoules} J after {joules} J at {tenth}");
                Assert.True(nowQuality <= quality * (1 + 1e-6), $"{nowQuality} after {quality} at {tenth}");
                (joules, quality) = (nowJoules, nowQuality);
            }
        },
        iter: 20);

    [Fact]
    public void Assign_ChoosesTheBestWeightedSumOfEachRequest_WithoutLeastNumbers() => Requests.Sample(
        requests =>
        {
            int[] models = WilkinsOffline.Assign(Published, requests, 0.5, [0, 0, 0]);

            double maxJoules = requests.Max(Published.MaxJoules);
            double maxQuality = requests.Max(Published.MaxQualityTokens);
            foreach ((RequestLengths lengths, int model) in requests.Zip(models))
            {
                double[] costs = [.. Enumerable.Range(0, 3).Select(other =>
                    (0.5 * Published.Joules(other, lengths) / maxJoules) - (0.5 * Published.QualityTokens(other, lengths) / maxQuality))];
                Assert.Equal(costs.Min(), costs[model], tolerance: 1e-8);
            }
        },
        iter: 20);

    [Fact]
    public void Floors_AreRoundedDown_WhereTooFewRequestsAreThereToRoundUp()
    {
        WilkinsOffline thirds = Offline with
        {
            MinimumShares = new Dictionary<string, double> { ["7B"] = 0.3, ["13B"] = 0.3, ["70B"] = 0.4 },
        };

        Assert.Equal([1, 1, 2], thirds.Floors(["7B", "13B", "70B"], 5)); // 1.5, 1.5 and 2
        Assert.Equal([3, 3, 4], thirds.Floors(["7B", "13B", "70B"], 10));
    }

    [Fact]
    public void Execute_SavesEnergyAndLosesQuality_WhenEnergyWeighsMore()
    {
        List<ScheduledRequest> requests = new List<ScheduledRequest>().Steady(0, 20, 2, 300, 60).Steady(20, 40, 2, 2000, 20);
        ClusterDefinition cluster = TwoModels();
        WilkinsOffline even = new() { Name = "offline", Source = "test" };

        ClusterSummary accurate = Run(requests, cluster, even with { EnergyWeightRatio = 0 }).Summary;
        ClusterSummary frugal = Run(requests, cluster, even with { EnergyWeightRatio = 1 }).Summary;

        Assert.Equal(0.9, accurate.MeanQualityRatio!.Value, tolerance: 1e-9);
        Assert.Equal(0.6, frugal.MeanQualityRatio!.Value, tolerance: 1e-9);
        Assert.Equal([0, requests.Count], accurate.CompletedByReplica);
        Assert.Equal([requests.Count, 0], frugal.CompletedByReplica);
        Assert.True(frugal.TotalJoules < accurate.TotalJoules, $"{frugal.TotalJoules} J against {accurate.TotalJoules} J");
    }

    [Fact]
    public void CheckFor_NamesEveryProblem()
    {
        WilkinsOffline bad = Offline with
        {
            MinimumShares = new Dictionary<string, double> { ["llama-3.1-8b"] = 0.7, ["llama-2-70b"] = 1.5, ["llama-9"] = 0 },
        };
        ClusterDefinition cluster = new() { Replicas = [TwoModels().Replicas[0], TwoModels().Replicas[1] with { Quality = null }] };

        Assert.Equal(
            [
                "servers of llama-2-70b: quality: got nothing, want how good its answers are, stated in the cluster file",
                "$.minimum_shares.llama-2-70b: got 1.5, want a ratio from 0 to 1",
                "$.minimum_shares: got llama-9, want a model of the cluster: llama-2-70b, llama-3.1-8b",
                "$.minimum_shares: got 2.2, want shares that are together at most 1",
            ],
            Problems(bad, cluster).Select(problem => problem.ToString()));
    }

    private static int[] CountsOf(int[] models) => [.. Enumerable.Range(0, 3).Select(model => models.Count(chosen => chosen == model))];
}
