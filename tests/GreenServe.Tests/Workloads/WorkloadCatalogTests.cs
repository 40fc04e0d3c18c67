using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads;

public sealed class WorkloadCatalogTests
{
    public static TheoryData<string> Workloads() => [.. WorkloadCatalog.Names];

    public static TheoryData<string> Files() =>
    [
        .. new[] { "catalog", "slos", "models" }.SelectMany(folder => Directory.GetFiles(Repository.PathOf("workloads", folder)))
            .Select(path => Path.GetRelativePath(Repository.PathOf("workloads"), path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_BeginsWithPurposeAndSource(string file)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf("workloads", file));

        Assert.Matches(@"^# Purpose: .{10,}", lines[0]);
        Assert.Contains(lines.TakeWhile(line => line.StartsWith('#')), line => line.StartsWith("# Source: ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_BindsUnderItsOwnName_AndItsModelIsKnown(string name)
    {
        Workload workload = WorkloadCatalog.Read(name);

        Assert.Equal(name, workload.Name);
        Assert.NotNull(ModelCatalog.Find(workload.Model));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_HasASchedule_UnlessItNeedsATrace(string name)
    {
        Workload workload = WorkloadCatalog.Read(name);
        if (workload.Trace is not null)
        {
            return;
        }

        RequestSchedule schedule = RequestSchedule.For(workload);

        Assert.True(schedule.Requests.Count >= 20, $"only {schedule.Requests.Count} requests");
        Assert.True(
            schedule.Concurrency is not null || schedule.Requests.Any(request => request.ScheduledSeconds >= schedule.WarmUpSeconds));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_FitsTheContextOfItsModel(string name)
    {
        Workload workload = WorkloadCatalog.Read(name);
        if (workload.Trace is null)
        {
            int longest = RequestSchedule.For(workload).Requests.Max(request => request.InputTokens + request.OutputTokens);

            Assert.InRange(longest, 1, ModelCatalog.Read(workload.Model).ContextTokens);
        }
    }

    [Fact]
    public void Names_ListEveryFileOfTheRepository()
    {
        string[] files = [.. Directory.GetFiles(Repository.PathOf("workloads", "catalog"), "*.workload.yaml")
            .Select(path => Path.GetFileName(path)[..^".workload.yaml".Length]).Order(StringComparer.Ordinal)];

        Assert.Equal(files, WorkloadCatalog.Names);
    }

    [Theory]
    [InlineData("conversation-day", 86_400, 1.7, 3.3)]
    [InlineData("conversation-week", 604_800, 1.7, 3.3)]
    [InlineData("code-day", 86_400, 2.8, 34.6)]
    [InlineData("code-week", 604_800, 2.8, 34.6)]
    public void DayAndWeek_HaveThePublishedShape(string name, double seconds, double peakOverMean, double peakOverValley)
    {
        StagedArrival arrival = Assert.IsType<StagedArrival>(WorkloadCatalog.Read(name).Arrival);

        // The stages are shares of a peak of 1, written with four decimals.
        Assert.Equal(seconds, arrival.EndSeconds());
        Assert.Equal(1, arrival.Stages.Max(stage => stage.RequestsPerSecond));
        Assert.Equal(1 / peakOverMean, (arrival with { LoadFactor = null }).MeanRequestsPerSecond()!.Value, 5e-5);
        Assert.Equal(1 / peakOverValley, arrival.Stages.Min(stage => stage.RequestsPerSecond), 5e-5);
    }

    [Fact]
    public void ClassWorkloads_HaveRequestsOfTheirClassAlone()
    {
        foreach (RequestClass expected in RequestClass.All)
        {
            RequestSchedule schedule = RequestSchedule.For(WorkloadCatalog.Read($"class-{expected.Name.ToLowerInvariant()}"));

            Assert.All(schedule.Requests, request => Assert.Equal(expected, request.Class));
        }
    }

    [Fact]
    public void DynamollmMix_HasThePapersShares()
    {
        // Figure 1 of DynamoLLM, one hour of conversation, in percent.
        Dictionary<string, double> paper = new()
        {
            ["SS"] = 14,
            ["SM"] = 18,
            ["SL"] = 1,
            ["MS"] = 5,
            ["MM"] = 6,
            ["ML"] = 22,
            ["LS"] = 14,
            ["LM"] = 9,
            ["LL"] = 11,
        };
        Workload workload = WorkloadCatalog.Read("dynamollm-mix") with { Requests = 20_000, DurationSeconds = null };

        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(workload).Requests;

        foreach ((string name, double percent) in paper)
        {
            double share = percent / 100;
            double found = requests.Count(request => request.Class.Name == name) / 20_000.0;
            Assert.Equal(share, found, 4 * Math.Sqrt(share * (1 - share) / 20_000));
        }
    }

    [Fact]
    public void DynamollmMix_AsksAboutTwoThousandInputTokensASecond()
    {
        Workload workload = WorkloadCatalog.Read("dynamollm-mix");

        double meanInput = RequestSchedule.For(workload with { Requests = 20_000, DurationSeconds = null }).Requests.Average(
            request => (double)request.InputTokens);

        Assert.InRange(meanInput * workload.Arrival.MeanRequestsPerSecond()!.Value, 1800, 2200);
    }

    [Fact]
    public void MlperfLike_HasTheMeanOutputOfTheBenchmark()
    {
        Workload workload = WorkloadCatalog.Read("mlperf-like") with { Requests = 20_000, DurationSeconds = null };

        double meanOutput = RequestSchedule.For(workload).Requests.Average(request => (double)request.OutputTokens);

        // 294.45 tokens a sample; the suite's tolerance for a load that is only like the benchmark's is 2 %.
        Assert.Equal(294.45, meanOutput, 0.02 * 294.45);
    }

    [Theory]
    [InlineData("SS", 0.25)]
    [InlineData("SL", 0.25)]
    [InlineData("MM", 0.4)]
    [InlineData("LS", 2)]
    [InlineData("LL", 2)]
    public void DynamollmSlo_LimitsTtftByInputClass(string requestClass, double seconds)
    {
        SloLimit limit = Assert.Single(
            SloCatalog.Read("dynamollm").Limits, limit => limit.Metric == SloMetric.Ttft && limit.AppliesTo(requestClass));

        Assert.Equal(seconds, limit.LimitSeconds);
        Assert.Equal(99, limit.Percentile);
    }

    [Fact]
    public void SplitwiseSlo_HasNineSlowdowns_AgainstADgxA100()
    {
        SloProfile splitwise = SloCatalog.Read("splitwise");

        Assert.Equal(9, splitwise.Limits.Count);
        Assert.All(splitwise.Limits, limit => Assert.NotNull(limit.IsolatedMultiple));
        Assert.Equal(8, splitwise.Reference!.GpuCount);
    }

    [Theory]
    [InlineData("mlperf-llama2-70b", 2, 0.2)]
    [InlineData("mlperf-llama2-70b-interactive", 0.45, 0.04)]
    [InlineData("mlperf-llama3.1-8b", 2, 0.1)]
    public void MlperfSlos_LimitTtftAndTpot(string name, double ttftSeconds, double tpotSeconds)
    {
        SloProfile profile = SloCatalog.Read(name);

        Assert.Equal(ttftSeconds, Assert.Single(profile.Limits, limit => limit.Metric == SloMetric.Ttft).LimitSeconds);
        Assert.Equal(tpotSeconds, Assert.Single(profile.Limits, limit => limit.Metric == SloMetric.Tpot).LimitSeconds);
    }
}
