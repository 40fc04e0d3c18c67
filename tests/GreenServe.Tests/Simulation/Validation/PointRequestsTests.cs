using GreenServe.Simulation.Validation;
using GreenServe.Simulation.Validation.Protocols;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class PointRequestsTests
{
    [Fact]
    public void Of_CutsTheFirstOutputs_WhereUsersBeginOutOfStep()
    {
        RequestSchedule schedule = Requests(new ProtocolLoad()).Of(PointLoadKind.ClosedLoop, 4, TestSystems.H100());

        // Ten requests of each of four users, and at least 48; first outputs of 1, 2, 3 and 4 quarters of 100 tokens.
        Assert.Equal((48, 4), (schedule.Requests.Count, schedule.Concurrency));
        Assert.Equal([25, 50, 75, 100, 100], schedule.Requests.Take(5).Select(request => request.OutputTokens));
    }

    [Fact]
    public void Of_IsEqual_WhereUsersBeginTogether()
    {
        ProtocolLoad load = new() { Start = UserStart.Together, Rounds = 20 };
        RequestSchedule schedule = Requests(load).Of(PointLoadKind.ClosedLoop, 4, TestSystems.H100());

        Assert.Equal(80, schedule.Requests.Count);
        Assert.All(schedule.Requests, request => Assert.Equal((1000, 100), (request.InputTokens, request.OutputTokens)));
    }

    [Fact]
    public void Of_SpreadsLengthsEvenly_BetweenAShareAndTheLength()
    {
        ProtocolLoad load = new() { Lengths = LengthSpread.Uniform, ShortestRatio = 0.8, Start = UserStart.Together, Rounds = 100 };
        RequestSchedule schedule = Requests(load).Of(PointLoadKind.ClosedLoop, 10, TestSystems.H100());

        Assert.All(schedule.Requests, request =>
        {
            Assert.InRange(request.InputTokens, 800, 1000);
            Assert.InRange(request.OutputTokens, 80, 100);
        });

        // Even places: the mean is the middle of 800 and 1000.
        Assert.Equal(900, schedule.Requests.Average(request => request.InputTokens), 1.0);
        Assert.Equal(90, schedule.Requests.Average(request => request.OutputTokens), 0.1);
    }

    [Theory]
    [InlineData(8, 2000, 2000)]
    [InlineData(1600, 2000, 2400)]
    public void Of_SendsAllAtOnce_AndMoreThanTheBatchHolds(int batch, int atOnce, int expected)
    {
        ProtocolLoad load = new() { Lengths = LengthSpread.Chat, RequestsAtOnce = atOnce };
        RequestSchedule schedule = Requests(load).Of(PointLoadKind.MeanBatch, batch, TestSystems.H100());

        Assert.Equal(expected, schedule.Requests.Count);
        Assert.Null(schedule.Concurrency);
        Assert.All(schedule.Requests, request => Assert.Equal(0, request.ScheduledSeconds));
        Assert.Equal(100, schedule.Requests.Average(request => request.OutputTokens), 1.0);
    }

    [Fact]
    public void Of_SendsTwo_WhereTheBatchIsOne()
    {
        ProtocolLoad load = new() { Lengths = LengthSpread.Chat, RequestsAtOnce = 1 };
        Assert.Equal(2, Requests(load).Of(PointLoadKind.MeanBatch, 1, TestSystems.H100()).Requests.Count);
    }

    [Fact]
    public void Of_SharesTheBeginningOfEachPrompt_WhereTheCacheHeldIt()
    {
        RequestSchedule schedule = Requests(new ProtocolLoad(), cached: 0.96).Of(PointLoadKind.Batch, 2, TestSystems.H100());
        Assert.All(schedule.Requests, request => Assert.Equal((960, 0), (request.SharedPrefixTokens, request.PrefixGroup)));
        Assert.Null(Requests(new ProtocolLoad()).Of(PointLoadKind.Batch, 2, TestSystems.H100()).Requests[0].PrefixGroup);
    }

    [Fact]
    public void Of_HasMoreUsersThanTheEngineHolds_WhenItIsSaturated()
    {
        RequestSchedule schedule = Requests(new ProtocolLoad())
            .Of(PointLoadKind.Saturated, null, TestSystems.H100() with { Knobs = new() { TensorParallelism = 8, MaxBatch = 16 } });

        // 16 run, a quarter more waits, and one.
        Assert.Equal(21, schedule.Concurrency);
    }

    private static PointRequests Requests(ProtocolLoad load, double cached = 0) => new(load, 1000, 100, cached);
}
