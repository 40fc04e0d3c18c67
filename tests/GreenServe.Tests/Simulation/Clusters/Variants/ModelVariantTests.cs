using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Clusters.Variants;

public sealed class ModelVariantTests
{
    private static readonly ModelVariant Small = new()
    {
        Model = TestSystems.Llama31For8B,
        Precision = Precision.Fp8,
        Quality = new ModelQuality { Ratio = 0.5, Source = "test" },
    };

    private static readonly ModelVariant Full = new() { Quality = new ModelQuality { Ratio = 0.75, Source = "test" }, FitsBeside = true };

    [Fact]
    public void WithBeside_TakesTheWeightsOfOtherVariantsFromTheCache()
    {
        SimulatedSystem own = TestSystems.H100();

        SimulatedSystem beside = ModelVariant.WithBeside(own, own, [Small with { FitsBeside = true }, Full]);

        // The full model is served and counts once, as what is served. The small one takes a byte a weight of its layers, and two a
        // weight of its head and embedding, over eight GPUs. A token of the cache takes 2 x 80 layers x 128 x 2 bytes on each.
        double weights = KeyValueMemory.WeightBytes(TestSystems.Llama31For8B, Precision.Fp8, 8);
        const double bytesPerToken = 2 * 80 * 128 * 2;
        Assert.Equal(8 * weights, beside.BesideBytes, tolerance: 1);
        Assert.Equal(weights / bytesPerToken, own.Limits.CapacityTokens - beside.Limits.CapacityTokens, tolerance: 17);
    }

    [Fact]
    public void On_ServesTheVariant_AndTheOwnModelAgain()
    {
        SimulatedSystem own = TestSystems.H100();
        ModelVariant[] all = [Small, Full];

        SimulatedSystem small = Small.On(own, own, all);
        SimulatedSystem again = Full.On(small, own, all);

        Assert.Equal(("llama-3.1-8b", Precision.Fp8), (small.Model.Name, small.Precision));
        Assert.True(Small.IsServedBy(small, own));
        Assert.False(Full.IsServedBy(small, own));

        // The full model keeps its place in memory while the small one is served.
        Assert.Equal(KeyValueMemory.WeightBytes(own.Model, Precision.Bf16, 1), small.BesideBytes);
        Assert.Equal((own.Model, 0.0), (again.Model, again.BesideBytes));
    }

    [Theory]
    [InlineData(false, 107)]
    [InlineData(true, 7)]
    public void SetVariant_TakesAStart_UnlessBothFitInMemory(bool fitsBeside, double effectiveSeconds)
    {
        ClusterDefinition cluster = Cluster(Small with { FitsBeside = fitsBeside });
        (Recorder recorder, ClusterSummary summary) = Run(cluster, "small");

        ControlAction action = Assert.Single(summary.Actions);
        Assert.Equal(effectiveSeconds, action.EffectiveSeconds);
        Assert.Null(action.Refusal);

        // Three requests of 110 tokens each: one by the full model and two by the small one.
        Assert.Equal((0.75 + (2 * 0.5)) / 3, summary.MeanQualityRatio!.Value, tolerance: 1e-12);
        double[] secondsEach = [.. recorder.Outcomes.Select(outcome => outcome.CompletedSeconds!.Value - outcome.IssuedSeconds)];
        Assert.True(secondsEach[2] < secondsEach[0] / 2, "a model of 8 instead of 70 billion weights is more than twice as fast");
    }

    [Theory]
    [InlineData("tiny", "the variants of the cluster file are: full, small")]
    [InlineData("odd", "knobs.tensor_parallelism")]
    public void SetVariant_IsRecordedAsRefused_WhenTheInstanceCannotServeIt(string name, string refusal)
    {
        ClusterDefinition cluster = Cluster(Small);
        cluster = name == "odd"
            ? cluster with
            {
                // Twelve heads cannot be divided among eight accelerators, as on the first server, but among four.
                Replicas = [.. cluster.Replicas, new ClusterReplica { System = TestSystems.H100(tensorParallelism: 4) }],
                Variants = new Dictionary<string, ModelVariant>(cluster.Variants)
                {
                    ["odd"] = new ModelVariant { Model = TestSystems.Llama31For8B with { Heads = 12, KeyValueHeads = 4 } },
                },
            }
            : cluster;

        (_, ClusterSummary summary) = Run(cluster, name);

        ControlAction action = Assert.Single(summary.Actions);
        Assert.Contains(refusal, action.Refusal, StringComparison.Ordinal);
        Assert.Null(action.EffectiveSeconds);
    }

    [Fact]
    public void Execute_ReportsRequests_ThatAVariantCannotHold()
    {
        ModelVariant narrow = Small with { Model = TestSystems.Llama31For8B with { ContextTokens = 105 } };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => Run(Cluster(narrow), "small"));

        Assert.Equal(3, exception.Problems.Count);
        Assert.All(
            exception.Problems,
            problem => Assert.StartsWith("replica 0 with variant small: request ", problem.Place, StringComparison.Ordinal));
    }

    [Fact]
    public void MeanQualityRatio_IsNotStated_WhenAModelWithoutQualityServedARequest()
    {
        (_, ClusterSummary summary) = Run(Cluster(Small with { Quality = null }), "small");

        Assert.Null(summary.MeanQualityRatio);
    }

    /// <summary>No request is lost or served twice, and the energy sums up, however often instances change what they serve.</summary>
    [Fact]
    public void SetVariant_KeepsEveryRequestAndJoule_ForAnyLoad() =>
        Gen.Select(Requests, Gen.Double[0.2, 2], Gen.Bool, Gen.Double[0, 3]).Sample(
            (requests, period, fitsBeside, startSeconds) =>
            {
                ClusterDefinition one = Cluster(Small with { FitsBeside = fitsBeside });
                ClusterDefinition cluster = one with { Replicas = [.. one.Replicas, .. one.Replicas], StartSeconds = startSeconds };
                int turn = 0;
                ScriptedPolicy policy = new()
                {
                    PeriodsSeconds = [period],
                    OnTick = (_, _, actions) => actions.SetVariant(turn % 2, turn++ / 2 % 2 == 0 ? "small" : "full", "test"),
                };
                Recorder recorder = new();

                ClusterSummary summary =
                    SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, new ClusterController(policy));

                Assert.Equal(requests.Select(request => request.Id), recorder.Outcomes.Select(outcome => outcome.Request.Id).Order());
                Assert.Equal(requests.Count, summary.CompletedRequests);
                Assert.InRange(summary.MeanQualityRatio!.Value, 0.5, 0.75);
                double energy = recorder.Outcomes.Sum(outcome => outcome.EnergyJoules);
                AssertRelative(summary.TotalJoules, energy + summary.IdleJoules + summary.TransitionJoules + summary.UnusedJoules, 1e-9);
            },
            iter: 30);

    private static ClusterDefinition Cluster(ModelVariant small) => new()
    {
        Replicas = [new ClusterReplica { System = TestSystems.H100() }],
        StartSeconds = 100,
        Variants = new Dictionary<string, ModelVariant> { ["small"] = small, ["full"] = Full with { FitsBeside = false } },
    };

    /// <summary>Three requests of 100 tokens in and 10 out. The policy asks for a variant at 7 s, between the first two.</summary>
    private static (Recorder Recorder, ClusterSummary Summary) Run(ClusterDefinition cluster, string variant)
    {
        Recorder recorder = new();
        List<ScheduledRequest> requests = [Request(0, 0, 100, 10), Request(1, 10, 100, 10), Request(2, 200, 100, 10)];
        ScriptedPolicy policy = new()
        {
            PeriodsSeconds = [7],
            OnTick = (_, view, actions) =>
            {
                if (view.NowSeconds == 7)
                {
                    actions.SetVariant(0, variant, "test");
                }
            },
        };
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, new ClusterController(policy)));
    }
}
