using GreenServe.Records;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class ContextFitTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(30)]
    public void Of_KeepsTheSchedule_WhenEveryRequestFits(int? contextTokens)
    {
        RequestSchedule schedule = Schedule([20, 10]);

        ContextFit fit = ContextFit.Of(schedule, contextTokens);

        Assert.Same(schedule, fit.Schedule);
        Assert.Equal((0, null), (fit.TooLong, fit.Note));
    }

    [Fact]
    public void Of_LeavesOutWhatDoesNotFit_AndNamesIt()
    {
        ContextFit fit = ContextFit.Of(Schedule([10, 21, 20, 30]), contextTokens: 30);

        // Each output has 10 tokens.
        Assert.Equal([10, 20], fit.Schedule.Requests.Select(request => request.InputTokens));
        Assert.Equal([0, 1], fit.Schedule.Requests.Select(request => request.Id));
        Assert.Equal([0, 2], fit.Schedule.Requests.Select(request => request.ScheduledSeconds));
        Assert.Equal(2, fit.TooLong);
        Assert.Equal(
            "2 of 4 requests were not sent, since prompt and output have more than the 30 tokens of the server's context: "
                + "request 1 with 21 + 10, request 3 with 30 + 10",
            fit.Note);
    }

    [Fact]
    public void Of_EndsASession_AtTheTurnThatDoesNotFit()
    {
        RequestSchedule schedule = new(
            [Turn(0, 40, 0, 0), Turn(1, 50, 0, 1), Turn(2, 10, 1, 0), Turn(3, 25, 1, 1), Turn(4, 10, 2, 0)], concurrency: 2);

        RequestSchedule fitting = ContextFit.Of(schedule, contextTokens: 30).Schedule;

        Assert.Equal([10, 10], fitting.Requests.Select(request => request.InputTokens));
        Assert.Equal([0, 1], fitting.Requests.Select(request => request.PrefixGroup ?? -1));
        Assert.All(fitting.Requests, request => Assert.True(fitting.IsFirstOfUser(request)));
        Assert.Null(fitting.TurnAfter(fitting.Requests[0]));
    }

    [Fact]
    public void Of_Refuses_WhenNothingFits()
    {
        Problem problem = Assert.Single(
            Assert.Throws<InvalidInputException>(() => ContextFit.Of(Schedule([50, 40]), contextTokens: 30)).Problems);

        Assert.Equal("2 requests, of which the shortest has 40 + 10 tokens", problem.Found);
    }

    private static RequestSchedule Schedule(int[] inputTokens) =>
        new([.. inputTokens.Select((tokens, id) => new ScheduledRequest(id, id, default, tokens, 10))]);

    private static ScheduledRequest Turn(long id, int inputTokens, int session, int turn) =>
        new(id, 0, default, inputTokens, 10) { PrefixGroup = session, Turn = turn };
}
