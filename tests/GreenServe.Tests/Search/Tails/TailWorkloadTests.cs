using GreenServe.Records.Slos;
using GreenServe.Search.Tails;
using GreenServe.Tests.Search.Advising;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search.Tails;

public sealed class TailWorkloadTests
{
    [Fact]
    public void Of_MakesAnOpenLoopLonger_WhenItsTailsAreThin()
    {
        // 4 requests/s over 60 s are about 240 requests, of which about 40 are warm-up.
        TailWorkload longer = TailWorkload.Of(AdvisorWorkloads.Poisson);

        Assert.Null(longer.Workload.DurationSeconds);
        Assert.All(Enumerable.Range(0, 5), repetition => Assert.True(JudgedOf(longer.Workload, repetition) >= 1000));
        Assert.InRange(longer.Workload.Requests!.Value, 1020, 1080);
        string change = Assert.Single(longer.Changes);
        Assert.Matches(@"^The workload was made longer: it has \d+ requests and no longer ends after 60 s, because \d+ requests", change);
        Assert.Empty(longer.Warnings);
    }

    [Fact]
    public void Of_KeepsTheWorkload_WhenItIsLongEnough()
    {
        Workload given = AdvisorWorkloads.Poisson with { DurationSeconds = 300 };

        TailWorkload same = TailWorkload.Of(given);

        Assert.Same(given, same.Workload);
        Assert.Empty(same.Changes);
    }

    [Fact]
    public void Of_GivesUsersMoreRequests_WhenTheLoopIsClosed()
    {
        Workload given = AdvisorWorkloads.Poisson with
        {
            Arrival = new ClosedLoopArrival { Concurrency = 16 },
            Requests = 100,
            DurationSeconds = null,
            WarmUpSeconds = 0,
        };

        TailWorkload longer = TailWorkload.Of(given);

        // The first and the last request of each of 16 users do not count.
        Assert.Equal(1032, longer.Workload.Requests);
    }

    [Fact]
    public void Of_WarnsThatTailsAreThin_WhenArrivalsEndByThemselves()
    {
        Workload given = AdvisorWorkloads.Poisson with
        {
            Arrival = new StagedArrival { Stages = [new ArrivalStage { Seconds = 60, RequestsPerSecond = 4 }] },
            DurationSeconds = null,
        };

        TailWorkload same = TailWorkload.Of(given);

        Assert.Same(given, same.Workload);
        string warning = Assert.Single(same.Warnings);
        Assert.Matches(@"^The workload is too short for its tails: it has \d+ requests after the warm-up, .* need 1000", warning);
    }

    [Fact]
    public void ForEachLimit_GoesOnUntilTheRarestClassHasEnough()
    {
        // One of five requests has a short prompt, for which the SLO has a limit of its own.
        Workload given = AdvisorWorkloads.Poisson with
        {
            Lengths = new ClassMixLengths
            {
                Weights = new Dictionary<string, double> { ["SM"] = 1, ["MM"] = 4 },
                Input = Fixed(100, 512, 2048),
                Output = Fixed(50, 128, 400),
            },
            Slo = new SloProfile
            {
                Name = "test",
                Source = "none",
                Limits =
                [
                    new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 1, Classes = ["SM"] },
                    new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 1, Classes = ["LL"] },
                ],
            },
        };

        TailWorkload longer = TailWorkload.ForEachLimit(given, repetitions: 3);

        // 5,000 requests hold 1,000 short prompts, give or take four standard deviations of 30; the loop must not wait for class LL.
        Assert.All(Enumerable.Range(0, 3), repetition => Assert.True(
            RequestSchedule.For(longer.Workload, repetition).AfterWarmUp()!.Count(request => request.Class.Name == "SM") >= 1000));
        Assert.InRange(longer.Workload.Requests!.Value, 4500, 5800);
    }

    private static BandLengths Fixed(int shortTokens, int mediumTokens, int longTokens) => new()
    {
        Short = new FixedLength { Tokens = shortTokens },
        Medium = new FixedLength { Tokens = mediumTokens },
        Long = new FixedLength { Tokens = longTokens },
    };

    private static int JudgedOf(Workload workload, int repetition) =>
        RequestSchedule.For(workload, repetition).Requests.Count(request => request.ScheduledSeconds >= workload.WarmUpSeconds);
}
