using GreenServe.Search.Advising.Capacities;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search.Advising.Capacities;

public sealed class LoadScaleTests
{
    [Theory]
    [InlineData("fixed-512-128")]
    [InlineData("bursts")]
    [InlineData("ramp")]
    [InlineData("azure-code-2023")]
    [InlineData("azure-code-2023-replay")]
    public void Of_DoublesTheMeanRate_WithTheFactorTwo(string name)
    {
        Workload workload = WorkloadCatalog.Read(name);

        double once = MeanRate(workload);
        double twice = MeanRate(LoadScale.Of(workload, 2));

        // The number of random arrivals scatters by its root: the ratio of two of some 240 requests by 2 x 11 %, within three deviations.
        Assert.Equal(2, twice / once, tolerance: 0.5);
    }

    [Fact]
    public void Of_KeepsTheRequests_OfRecordedArrivals()
    {
        Workload workload = WorkloadCatalog.Read("azure-code-2023-replay");

        RequestSchedule once = RequestSchedule.For(workload);
        RequestSchedule twice = RequestSchedule.For(LoadScale.Of(workload, 2));

        Assert.Equal(once.Requests.Count, twice.Requests.Count);
        Assert.Equal(once.Requests[^1].ScheduledSeconds / 2, twice.Requests[^1].ScheduledSeconds, tolerance: 1e-6);
        Assert.Equal(once.Requests[777].InputTokens, twice.Requests[777].InputTokens);
        Assert.Equal(
            once.Requests.Count(request => request.ScheduledSeconds < once.WarmUpSeconds),
            twice.Requests.Count(request => request.ScheduledSeconds < twice.WarmUpSeconds));
    }

    [Fact]
    public void Of_MultipliesUsersAndRequests_OfAClosedLoop()
    {
        Workload workload = WorkloadCatalog.Read("fixed-closed-loop");

        Workload scaled = LoadScale.Of(workload, 1.5);
        Workload less = LoadScale.Of(workload, 0.01);

        // 8 users and 160 requests; a loop has at least one user, and a lower load keeps its requests.
        Assert.Equal((12, 240), (scaled.Concurrency(), scaled.Requests));
        Assert.Equal((1, 160), (less.Concurrency(), less.Requests));
    }

    [Fact]
    public void Of_ReturnsTheWorkloadItself_WithTheFactorOne()
    {
        Workload workload = WorkloadCatalog.Read("bursts");

        Assert.Same(workload, LoadScale.Of(workload, 1));
    }

    [Theory]
    [InlineData("fixed-512-128", false)]
    [InlineData("fixed-closed-loop", false)]
    [InlineData("bursts", true)]
    [InlineData("ramp", true)]
    [InlineData("azure-code-2023", true)]
    [InlineData("azure-code-2023-replay", true)]
    public void Varies_TellsAChangingLoad_FromChance(string name, bool expected) =>
        Assert.Equal(expected, LoadScale.Varies(WorkloadCatalog.Read(name)));

    [Fact]
    public void Varies_IsFalse_WhereBurstsAreAsHighAsTheTimeBetween()
    {
        Workload workload = WorkloadCatalog.Read("bursts") with
        {
            Arrival = new OnOffArrival { OnSeconds = 1, OffSeconds = 1, RequestsPerSecond = 3, OffRequestsPerSecond = 3 },
        };

        Assert.False(LoadScale.Varies(workload));
    }

    private static double MeanRate(Workload workload)
    {
        RequestSchedule schedule = RequestSchedule.For(workload);
        return schedule.Requests.Count / schedule.Requests[^1].ScheduledSeconds;
    }
}
