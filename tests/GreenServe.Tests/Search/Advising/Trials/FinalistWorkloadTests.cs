using GreenServe.Search.Advising.Trials;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search.Advising.Trials;

public sealed class FinalistWorkloadTests
{
    [Fact]
    public void Of_MakesAnOpenLoopLonger_WhenItsTailsAreThin()
    {
        // 4 requests/s over 60 s are about 240 requests, of which about 40 are warm-up.
        FinalistWorkload longer = FinalistWorkload.Of(AdvisorWorkloads.Poisson);

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

        FinalistWorkload same = FinalistWorkload.Of(given);

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

        FinalistWorkload longer = FinalistWorkload.Of(given);

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

        FinalistWorkload same = FinalistWorkload.Of(given);

        Assert.Same(given, same.Workload);
        string warning = Assert.Single(same.Warnings);
        Assert.Matches(@"^The workload is too short for its tails: it has \d+ requests after the warm-up, .* need 1000", warning);
    }

    private static int JudgedOf(Workload workload, int repetition) =>
        RequestSchedule.For(workload, repetition).Requests.Count(request => request.ScheduledSeconds >= workload.WarmUpSeconds);
}
