using GreenServe.Search.Advising.Capacities;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search.Advising.Capacities;

public sealed class BusiestStretchTests
{
    /// <summary>Evenly spaced requests at 1 a second, 4 a second from 2000 s to 3000 s, and 1 a second to 6000 s.</summary>
    private static readonly Workload Peak = WorkloadCatalog.Read("ramp") with
    {
        Arrival = new StagedArrival
        {
            Spacing = ArrivalSpacing.Constant,
            Stages =
            [
                new ArrivalStage { Seconds = 2000, RequestsPerSecond = 1 },
                new ArrivalStage { Seconds = 1000, RequestsPerSecond = 4 },
                new ArrivalStage { Seconds = 3000, RequestsPerSecond = 1 },
            ],
        },
    };

    [Fact]
    public void Of_CutsThePeak_OutOfStages()
    {
        // 9,000 requests in 6,000 s: 900 of them at the mean rate last 600 s, which fit into the peak.
        Workload cut = BusiestStretch.Of(Peak, RequestSchedule.For(Peak), requests: 900);

        StagedArrival arrival = Assert.IsType<StagedArrival>(cut.Arrival);
        Assert.Equal(600, arrival.Stages.Sum(stage => stage.Seconds), tolerance: 1);
        Assert.Equal(4, arrival.MeanRequestsPerSecond()!.Value, tolerance: 0.01);
    }

    [Fact]
    public void Of_TakesTheTimeAroundThePeak_WhereItIsShorter()
    {
        // 3,000 requests at the mean rate last 2,000 s: the peak of 1,000 s and 1,000 s around it, 2.5 requests/s on average.
        Workload cut = BusiestStretch.Of(Peak, RequestSchedule.For(Peak), requests: 3000);

        Assert.Equal(2.5, cut.Arrival.MeanRequestsPerSecond()!.Value, tolerance: 0.01);
    }

    [Fact]
    public void Of_CutsRisingStages_AtTheirRates()
    {
        Workload ramp = Peak with
        {
            Arrival = new StagedArrival
            {
                Spacing = ArrivalSpacing.Constant,
                Stages = [new ArrivalStage { Seconds = 4000, RequestsPerSecond = 0, EndRequestsPerSecond = 4 }],
            },
        };

        Workload cut = BusiestStretch.Of(ramp, RequestSchedule.For(ramp), requests: 2000);

        // 8,000 requests in 4,000 s: the last 1,000 s, in which the rate rises from 3 to 4 a second.
        ArrivalStage stage = Assert.Single(Assert.IsType<StagedArrival>(cut.Arrival).Stages);
        Assert.Equal(3, stage.RequestsPerSecond, tolerance: 0.01);
        Assert.Equal(4, stage.EndRequestsPerSecond!.Value, tolerance: 0.01);
    }

    [Fact]
    public void Of_CutsWindows_OutOfCounts()
    {
        int[] counts = [10, 10, 10, 10, 50, 60, 10, 10, 10, 10];
        Workload counted = Peak with { Arrival = new CountedArrival { WindowSeconds = 100, Counts = counts } };

        // 190 requests in some 1,000 s; 38 of them last 200 s.
        Workload cut = BusiestStretch.Of(counted, RequestSchedule.For(counted), requests: 38);

        Assert.Equal([50, 60], Assert.IsType<CountedArrival>(cut.Arrival).Counts);
    }

    [Fact]
    public void Of_CutsRows_OutOfATrace()
    {
        Workload trace = WorkloadCatalog.Read("azure-code-2023-replay");
        RequestSchedule whole = RequestSchedule.For(trace);

        Workload cut = BusiestStretch.Of(trace, whole, requests: 1000);
        RequestSchedule stretch = RequestSchedule.For(cut);

        // The stretch has more requests than one of its length has on average, and its rows are some of the trace's.
        Assert.True(stretch.Requests.Count > 1000, $"{stretch.Requests.Count} requests");
        Assert.True(stretch.Requests[^1].ScheduledSeconds <= 1000.0 / whole.Requests.Count * whole.Requests[^1].ScheduledSeconds + 1);
        Assert.Contains(whole.Requests, request => request.InputTokens == stretch.Requests[0].InputTokens);
    }

    [Fact]
    public void Of_ReturnsTheWorkloadItself_WhereItIsShort()
    {
        Workload workload = WorkloadCatalog.Read("bursts");

        Assert.Same(workload, BusiestStretch.Of(workload, RequestSchedule.For(workload), requests: 1_000_000));
    }
}
