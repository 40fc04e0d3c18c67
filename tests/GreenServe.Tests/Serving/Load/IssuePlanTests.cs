using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Serving.Load;

public sealed class IssuePlanTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void OpenLoop_GivesEachRequestItsScheduledTime_HoweverLateItIsTaken()
    {
        using RequestFeed feed = Feed(new ScheduledRequest(0, 1, default, 1, 1), new ScheduledRequest(1, 2, default, 1, 1));
        OpenLoopPlan plan = new(feed, time, time.GetTimestamp(), maxInFlight: null);
        long origin = time.GetTimestamp();

        Assert.True(plan.TryTake(out PreparedRequest? early, out IssuePlan.Turn wait));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(plan.TryTake(out PreparedRequest? first, out IssuePlan.Turn one));
        Assert.True(plan.TryTake(out PreparedRequest? second, out IssuePlan.Turn two));
        Assert.False(plan.TryTake(out _, out _));

        Assert.Null(early);
        Assert.Equal(Seconds(1), wait.DueTimestamp - origin);
        Assert.Equal((0L, 1L), (first!.Request.Id, second!.Request.Id));

        // Latency from schedule must contain the two seconds and the one that they are late.
        Assert.Equal(Seconds(1), one.DueTimestamp - origin);
        Assert.Equal(Seconds(2), two.DueTimestamp - origin);
        Assert.Null(one.QueueTicks);
    }

    [Fact]
    public void OpenLoop_KeepsTimeInTheClientsQueueApart_WithACap()
    {
        using RequestFeed feed = Feed(new ScheduledRequest(0, 0, default, 1, 1), new ScheduledRequest(1, 1, default, 1, 1));
        OpenLoopPlan plan = new(feed, time, time.GetTimestamp(), maxInFlight: 1);

        plan.TryTake(out PreparedRequest? first, out IssuePlan.Turn atOnce);
        time.Advance(TimeSpan.FromSeconds(2));
        plan.TryTake(out PreparedRequest? blocked, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(plan.GiveBack());
        time.Advance(TimeSpan.FromSeconds(0.25));
        plan.TryTake(out PreparedRequest? second, out IssuePlan.Turn turn);

        Assert.NotNull(first);
        Assert.Equal(0, atOnce.QueueTicks);
        Assert.Null(blocked);
        Assert.Equal(long.MaxValue, wait.DueTimestamp);

        // Due at 1 s, a place was free at 5 s: four seconds of queue. The quarter second until it was taken is the client's own lag.
        Assert.Equal(1, second!.Request.Id);
        Assert.Equal(Seconds(4), turn.QueueTicks);
    }

    [Fact]
    public void ClosedLoop_SendsWhenAUserIsFreeAndHasThought()
    {
        using RequestFeed feed = Feed(
            new ScheduledRequest(0, 0, default, 1, 1) { ThinkSeconds = 2 },
            new ScheduledRequest(1, 0, default, 1, 1),
            new ScheduledRequest(2, 0, default, 1, 1) { ThinkSeconds = 1 });
        long origin = time.GetTimestamp();
        ClosedLoopPlan plan = new(feed, time, origin, users: 2, durationSeconds: null);

        // The second user does not think, so its request overtakes the first one's.
        plan.TryTake(out PreparedRequest? first, out _);
        plan.TryTake(out PreparedRequest? none, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(0.5));
        plan.GiveBack();
        time.Advance(TimeSpan.FromSeconds(2));
        plan.TryTake(out PreparedRequest? second, out IssuePlan.Turn secondTurn);
        plan.TryTake(out PreparedRequest? third, out IssuePlan.Turn thirdTurn);

        Assert.Equal(1, first!.Request.Id);
        Assert.Null(none);
        Assert.Equal(Seconds(2), wait.DueTimestamp - origin);

        // Free at 0.5 s plus a second of thought is before two seconds.
        Assert.Equal(2, second!.Request.Id);
        Assert.Equal(Seconds(1.5), secondTurn.DueTimestamp - origin);
        Assert.Equal(0, third!.Request.Id);
        Assert.Equal(Seconds(2), thirdTurn.DueTimestamp - origin);
        Assert.False(plan.TryTake(out _, out _));
    }

    [Fact]
    public void ClosedLoop_SendsNothing_AtOrAfterItsDuration()
    {
        using RequestFeed feed = Feed(
            new ScheduledRequest(0, 0, default, 1, 1), new ScheduledRequest(1, 0, default, 1, 1) { ThinkSeconds = 5 }, new ScheduledRequest(2, 0, default, 1, 1));
        long origin = time.GetTimestamp();
        ClosedLoopPlan plan = new(feed, time, origin, users: 1, durationSeconds: 3);

        plan.TryTake(out PreparedRequest? first, out _);
        time.Advance(TimeSpan.FromSeconds(1));
        plan.GiveBack();
        bool goesOn = plan.TryTake(out PreparedRequest? thinking, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull(first);
        Assert.True(goesOn);
        Assert.Null(thinking);
        Assert.Equal(Seconds(3), wait.DueTimestamp - origin);
        Assert.False(plan.TryTake(out _, out _));
    }

    private RequestFeed Feed(params ScheduledRequest[] requests)
    {
        RequestFeed feed = new(requests, FakeBackend.Immediate(time));
        feed.WaitUntilPrimed();
        return feed;
    }

    private long Seconds(double seconds) => (long)(seconds * time.TimestampFrequency);
}
