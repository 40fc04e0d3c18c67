using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class ScheduleCacheTests
{
    /// <summary>Memory of a schedule of a few requests in which only the times differ: one chunk of 4,096 values of 8 bytes.</summary>
    private const long ScheduleBytes = 4096 * 8;

    private static readonly Workload Steady =
        Samples.Workload(new ConstantArrival { RequestsPerSecond = 2 }, Samples.Fixed(100, 30), requests: 10);

    [Fact]
    public void For_DrawsOnce_ForTheSameWorkloadAndRepetition()
    {
        ScheduleCache cache = new();

        RequestSchedule first = cache.For(Steady, repetition: 1);

        Assert.Same(first, cache.For(Steady with { }, repetition: 1));
        Assert.NotSame(first, cache.For(Steady, repetition: 2));
        Assert.NotSame(first, cache.For(Steady with { Requests = 11 }, repetition: 1));
    }

    [Fact]
    public void For_GivesWhatTheWorkloadDraws()
    {
        Workload random = Steady with { Arrival = new PoissonArrival { RequestsPerSecond = 2 } };

        Assert.Equal(RequestSchedule.For(random, repetition: 3).Requests, new ScheduleCache().For(random, repetition: 3).Requests);
    }

    [Fact]
    public void For_DropsTheScheduleDrawnFirst_BeyondTheLimit()
    {
        ScheduleCache cache = new(maxBytes: 2 * ScheduleBytes);
        RequestSchedule[] first = [.. Enumerable.Range(0, 3).Select(repetition => cache.For(Steady, repetition))];

        // Two of the three fit: 1 and 2 are kept, and 0 is drawn again, which drops 1.
        Assert.Same(first[1], cache.For(Steady, repetition: 1));
        Assert.NotSame(first[0], cache.For(Steady, repetition: 0));
        Assert.Same(first[2], cache.For(Steady, repetition: 2));
        Assert.NotSame(first[1], cache.For(Steady, repetition: 1));
    }

    [Fact]
    public void For_KeepsTheLastSchedule_WhateverItsSize()
    {
        ScheduleCache cache = new(maxBytes: 1);

        Assert.Same(cache.For(Steady), cache.For(Steady));
    }

    [Fact]
    public void For_ThrowsEachTime_WhenThereIsNoSchedule()
    {
        Workload late = Steady with { Arrival = new ConstantArrival { RequestsPerSecond = 1e-9 }, Requests = 2 };
        ScheduleCache cache = new();

        // The second request would come after 1e9 s, which is more than a year.
        Assert.Throws<InvalidInputException>(() => cache.For(late));
        Assert.Throws<InvalidInputException>(() => cache.For(late));
    }

    [Fact]
    public void For_DrawsOnce_WhenManyAskAtTheSameTime()
    {
        ScheduleCache cache = new();
        RequestSchedule[] found = new RequestSchedule[64];

        Parallel.For(0, found.Length, index => found[index] = cache.For(Steady, index % 4));

        Assert.Equal(4, found.Distinct().Count());
    }
}
