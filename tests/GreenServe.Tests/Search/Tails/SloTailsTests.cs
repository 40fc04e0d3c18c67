using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Search.Tails;
using GreenServe.Tests.Search.Advising;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Search.Tails;

public sealed class SloTailsTests
{
    private static readonly Workload Steady = AdvisorWorkloads.Poisson with
    {
        Arrival = new ConstantArrival { RequestsPerSecond = 10 },
        Slo = AdvisorWorkloads.Slo(ttftSeconds: 1, tbtSeconds: 1),
    };

    [Theory]
    [InlineData(111, null)]
    [InlineData(110, null)]
    [InlineData(109, "Only 990 requests after the warm-up stand behind a percentile of the SLO. Percentiles of fewer than 1,000 requests")]
    public void WarningOf_CountsTheRequestsAfterWarmUp(double seconds, string? start)
    {
        // Ten requests a second from 0 s on, of which those of the first 10 s are warm-up.
        string? warning = SloTails.WarningOf([Point(Steady with { DurationSeconds = seconds })]);

        Assert.StartsWith(start ?? "", warning ?? "", StringComparison.Ordinal);
        Assert.Equal(start is null, warning is null);
    }

    [Fact]
    public void WarningOf_NamesThePointWithTheFewest_WhenThereAreSeveral()
    {
        string? warning = SloTails.WarningOf(
        [
            Point(Steady with { DurationSeconds = 200 }), Point(Steady) with { Id = "short" },
            Point(Steady with { DurationSeconds = 60, Slo = null }),
        ]);

        // 60 s less 10 s of warm-up at ten a second. The point without an SLO needs no tail.
        Assert.StartsWith(
            "In 1 of 3 points fewer than 1,000 requests after the warm-up stand behind a percentile of the SLO (500 in short). ",
            warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RequestsBehind_IsThatOfTheRarestClass_WhenALimitIsForIt()
    {
        SloProfile slo = Steady.Slo! with
        {
            Limits =
            [
                new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 1 },
                new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 1, Classes = ["SM", "MM"] },
                new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 1, Classes = ["LL"] },
            ],
        };

        // 512 tokens in and 128 out are of class MM; no request is of class LL, so that its limit limits nothing.
        Assert.Equal(500, SloTails.RequestsBehind(Point(Steady).Schedule(), slo));
    }

    [Theory]
    [InlineData(null, 0, 96)]
    [InlineData(30.0, 0, null)]
    [InlineData(null, 5, null)]
    public void RequestsBehind_LeavesOutTheFirstRequestOfEachUser(double? durationSeconds, double warmUpSeconds, int? expected)
    {
        Workload users = Steady with
        {
            Arrival = new ClosedLoopArrival { Concurrency = 4 },
            Requests = 100,
            DurationSeconds = durationSeconds,
            WarmUpSeconds = warmUpSeconds,
        };

        // How many a duration or a warm-up in seconds leaves, only the run tells.
        Assert.Equal(expected, SloTails.RequestsBehind(Point(users).Schedule(), users.Slo!));
    }

    private static OperatingPoint Point(Workload workload) => new()
    {
        Workload = workload,
        Knobs = new Knobs(),
        System = new ServingSystem { Gpu = "H200", GpuCount = 1, Engine = "plain" },
        Id = workload.Name,
    };
}
