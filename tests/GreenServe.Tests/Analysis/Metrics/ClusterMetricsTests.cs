using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Reports;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class ClusterMetricsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Three waves of two requests with 11 output tokens each take 3 x (0.5 s + 10 x 0.1 s) = 4.5 s.</summary>
    private static SyntheticRun Run { get; } = new()
    {
        Batch = 2,
        Policy = new ControlPolicy { Name = "slow" },
        Counters = new Dictionary<string, double>
        {
            [RunCounter.Replicas.Name] = 2,
            [RunCounter.TotalJoules.Name] = 660,
            [RunCounter.IdleJoules.Name] = 120,
            [RunCounter.UnusedJoules.Name] = 60,
            [RunCounter.TotalLowJoules.Name] = 600,
            [ClusterCounter.TransitionJoules.Name] = 30,
            [ClusterCounter.HostJoules.Name] = 900,
            [ClusterCounter.GpuOnSeconds.Name] = 9,
            [ClusterCounter.Actions.Name] = 5,
            [ClusterCounter.RequestsRejected.Name] = 1,
            [ClusterCounter.EnergyCost.Name] = 0.033,
            [ClusterCounter.RowPeakRatio.Name] = 0.94,
        },
    };

    [Theory]
    [InlineData("run_joules_per_request", 110)]
    [InlineData("run_joules_per_output_token", 10)]
    [InlineData("run_serving_joules_per_request", 75)]
    [InlineData("run_idle_joules_per_request", 20)]
    [InlineData("run_unused_joules_per_request", 10)]
    [InlineData("run_transition_joules_per_request", 5)]
    [InlineData("run_sleep_joules_per_request", 0)]
    [InlineData("run_host_joules_per_request", 150)]
    [InlineData("run_low_joules_per_request", 100)]
    [InlineData("run_high_joules_per_request", 110)]
    [InlineData("mean_gpus_on", 2)]
    [InlineData("actions_per_hour", 4000)]
    [InlineData("energy_cost_per_million_tokens", 500)]
    public void Read_IsOfTheWholeRun(string metric, double expected)
    {
        // 6 requests with 66 output tokens in 4.5 s.
        RunMetrics metrics = RunMetrics.Of(Run.WriteAndRead(folder.PathOf("run")));

        Assert.Equal(expected, MetricCatalog.Of(metric).Read(metrics).Value!.Value, 1e-9 * expected);
    }

    [Theory]
    [InlineData("gpu_peak_celsius", "the cluster has no thermal model")]
    [InlineData("co2e_grams_per_request", "the cluster names no grid signal for it")]
    [InlineData("one_second_peak_watts", "the run was not read second by second")]
    [InlineData("mean_quality_ratio", "the cluster file states no quality")]
    public void Read_SaysWhyThereIsNoNumber_AndNeverZero(string metric, string reason)
    {
        RunMetrics metrics = RunMetrics.Of(Run.WriteAndRead(folder.PathOf("run")));

        Assert.Equal(reason, MetricCatalog.Of(metric).Read(metrics).NotMeasured);
    }

    [Fact]
    public void Read_SaysThatThereWereNoTokens_WhereOnlyTheCostIsKnown()
    {
        Dictionary<string, double> cost = new() { [ClusterCounter.EnergyCost.Name] = 1 };
        RunMetrics metrics = RunMetrics.Of(Run.WriteAndRead(folder.PathOf("run"))) with { Cluster = new ClusterAccount(0, 0, 9, cost) };

        Assert.Equal("no output token was delivered", MetricCatalog.Of("energy_cost_per_million_tokens").Read(metrics).NotMeasured);
    }

    [Fact]
    public void Tables_HaveTheColumnsOfClusters_OnlyWhereAClusterServed()
    {
        Run.WriteAndRead(folder.PathOf("cluster"));
        new SyntheticRun().WriteAndRead(folder.PathOf("instance"));
        ExperimentRun cluster = ExperimentRun.Read(folder.PathOf("cluster"));
        ExperimentRun instance = ExperimentRun.Read(folder.PathOf("instance"));

        Assert.True(GridTable.Of("one", [cluster]).Has(MetricColumns.Of("run_joules_per_request").Mean));
        Assert.False(GridTable.Of("one", [instance]).Has(MetricColumns.Of("run_joules_per_request").Mean));
    }

    [Fact]
    public void Summary_NamesThePolicyAndTheParts()
    {
        RunMetrics metrics = RunMetrics.Of(Run.WriteAndRead(folder.PathOf("run")));

        Dictionary<string, SummaryLine> lines = RunSummary.Of(metrics).ToDictionary(line => line.Name);

        // Of 660 J 450 J serve, 120 J idle, 60 J are unused and 30 J are transitions.
        Assert.Equal("slow", lines["policy"].Value);
        Assert.Equal("serving 68.2 %, idle 18.2 %, unused 9.1 %, transitions 4.5 %", lines["whole run"].Note);
        Assert.Equal("94.0 % of the budget that held, at most", lines["rows"].Value);
        Assert.Equal(("2", "not in the energy above, but in rows, emissions and cost"), (lines["GPUs on"].Value, lines["hosts"].Note));
        Assert.Equal("5 actions, 1 requests rejected", lines["decisions"].Value);
    }
}
