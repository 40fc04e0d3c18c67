using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

/// <summary>Workloads that would not end within a year are refused, whatever makes them so long.</summary>
public sealed class ScheduleSpanTests
{
    private const double Year = 365 * 86_400;

    public static TheoryData<ArrivalProcess, string> Endless => new()
    {
        { new ConstantArrival { RequestsPerSecond = 1e-9 }, "request 1 after 11,574 days" },
        { new ConstantArrival { RequestsPerSecond = double.Epsilon }, "request 1 after infinitely many days" },
        { new PoissonArrival { RequestsPerSecond = 1e-300 }, "request 0 after more than 365 million days" },
        { new GammaArrival { RequestsPerSecond = 1e-12, Shape = 4 }, "request 0 after" },
        { new CountedArrival { WindowSeconds = 1e6, Counts = [.. new int[40], 100] }, "request 0 after 46" },
        { new CountedArrival { WindowSeconds = 1, Counts = [100], SpeedUpFactor = 1e-12 }, "days" },
        { new OnOffArrival { OnSeconds = 1, OffSeconds = 1e7, RequestsPerSecond = 1, Spacing = ArrivalSpacing.Constant }, "days" },
        { new StagedArrival { Stages = [Stage(1e7, 0), Stage(1e7, 0), Stage(1e7, 0), Stage(1e7, 0), Stage(1e7, 1)] }, "after 463 days" },
        { new ClosedLoopArrival { Concurrency = 1, ThinkSeconds = 1e6 }, "think times that add up to 1,146 days" },
    };

    [Theory]
    [MemberData(nameof(Endless))]
    public void For_RefusesAWorkload_ThatLastsMoreThanAYear(ArrivalProcess arrival, string found)
    {
        Workload workload = Samples.Workload(arrival, requests: 100);

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => RequestSchedule.For(workload)).Problems);

        Assert.Contains(found, problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("at most 365 days", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void For_TakesARequestAtTheEndOfTheYear_AndNoneLater()
    {
        double[] arrivals = Samples.Arrivals(Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 / Year }, requests: 2));
        Assert.Equal([0, Year], arrivals);

        Assert.Throws<InvalidInputException>(
            () => Samples.Arrivals(Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 / (Year + 1) }, requests: 2)));
    }

    [Fact]
    public void For_TakesLongThinkTimes_ThatADurationCuts()
    {
        Workload workload = Samples.Workload(new ClosedLoopArrival { Concurrency = 1, ThinkSeconds = 1e6 }, requests: 100, seconds: 1e7);

        Assert.Equal(100, RequestSchedule.For(workload).Requests.Count);
    }

    [Fact]
    public void OnOff_IsRefused_WhenMoreThanAThousandBurstsPassBetweenRequests()
    {
        OnOffArrival arrival = new() { OnSeconds = 1e-3, OffSeconds = 1e-3, RequestsPerSecond = 0.9 };

        // 0.0009 requests in 2 ms: the next request may be found only after a thousand bursts, and a smaller rate needs ever more.
        Assert.Single(arrival.Check());
        Assert.Empty((arrival with { RequestsPerSecond = 1.1 }).Check());
    }

    private static ArrivalStage Stage(double seconds, double rate) => new() { Seconds = seconds, RequestsPerSecond = rate };
}
