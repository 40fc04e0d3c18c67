using GreenServe.Search.Advising.Trials;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Search.Advising.Trials;

public sealed class SettingTrialsTests
{
    [Fact]
    public void HasSameRequestsForEverySeed_IsFalse_WhenArrivalsAreRandom() =>
        Assert.False(new SettingTrials(AdvisorWorkloads.Poisson).HasSameRequestsForEverySeed);

    [Theory]
    [InlineData(ThinkDistribution.Constant, true)]
    [InlineData(ThinkDistribution.Exponential, false)]
    public void HasSameRequestsForEverySeed_LooksAtThinkTimes_WhenTheLoopIsClosed(ThinkDistribution distribution, bool isSame)
    {
        Workload closed = AdvisorWorkloads.Poisson with
        {
            Arrival = new ClosedLoopArrival { Concurrency = 2, ThinkSeconds = 1, ThinkDistribution = distribution },
            Requests = 10,
            DurationSeconds = null,
            WarmUpSeconds = 0,
        };

        Assert.Equal(isSame, new SettingTrials(closed).HasSameRequestsForEverySeed);
    }

    [Fact]
    public void HasSameRequestsForEverySeed_IsTrue_WhenATraceSharesBlocks()
    {
        using TemporaryFolder folder = new();
        File.WriteAllLines(
            folder.PathOf("trace.jsonl"),
            [
                """{"timestamp": 0, "input_length": 1024, "output_length": 8, "hash_ids": [0, 1]}""",
                """{"timestamp": 300, "input_length": 1024, "output_length": 8, "hash_ids": [0, 2]}""",
            ]);
        Workload traced = AdvisorWorkloads.Poisson with
        {
            Trace = new TraceSource { File = "trace.jsonl" },
            Arrival = new TraceArrival(),
            Lengths = new TraceLengths(),
            DurationSeconds = null,
            WarmUpSeconds = 0,
            Folder = Path.GetDirectoryName(folder.PathOf("trace.jsonl")),
        };
        SettingTrials trials = new(traced);

        Assert.Equal([0, 512], trials.ScheduleOf().Requests.Select(request => request.SharedPrefixTokens));
        Assert.True(trials.HasSameRequestsForEverySeed);
    }
}
