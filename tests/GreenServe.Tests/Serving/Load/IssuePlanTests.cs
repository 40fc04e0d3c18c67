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
        RequestSchedule schedule = new([new ScheduledRequest(0, 1, default, 1, 1), new ScheduledRequest(1, 2, default, 1, 1)]);
        using RequestFeed feed = Feed([.. schedule.Requests]);
        OpenLoopPlan plan = new(feed, schedule, time, time.GetTimestamp(), maxInFlight: null);
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
        RequestSchedule schedule = new([new ScheduledRequest(0, 0, default, 1, 1), new ScheduledRequest(1, 1, default, 1, 1)]);
        using RequestFeed feed = Feed([.. schedule.Requests]);
        OpenLoopPlan plan = new(feed, schedule, time, time.GetTimestamp(), maxInFlight: 1);

        plan.TryTake(out PreparedRequest? first, out IssuePlan.Turn atOnce);
        time.Advance(TimeSpan.FromSeconds(2));
        plan.TryTake(out PreparedRequest? blocked, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(plan.GiveBack(first!.Request));
        time.Advance(TimeSpan.FromSeconds(0.25));
        plan.TryTake(out PreparedRequest? second, out IssuePlan.Turn turn);

        Assert.NotNull(first);
        Assert.Equal(0, atOnce.QueueTicks);
        Assert.Null(blocked);
        Assert.Null(wait.DueTimestamp);

        // Due at 1 s, a place was free at 5 s: four seconds of queue. The quarter second until it was taken is the client's own lag.
        Assert.Equal(1, second!.Request.Id);
        Assert.Equal(Seconds(4), turn.QueueTicks);
    }

    [Fact]
    public void ClosedLoop_SendsWhenAUserIsFreeAndHasThought()
    {
        RequestSchedule schedule = new(
            [
                new ScheduledRequest(0, 0, default, 1, 1) { ThinkSeconds = 2 },
                new ScheduledRequest(1, 0, default, 1, 1),
                new ScheduledRequest(2, 0, default, 1, 1) { ThinkSeconds = 1 },
            ],
            concurrency: 2);
        using RequestFeed feed = Feed([.. schedule.Requests]);
        long origin = time.GetTimestamp();
        ClosedLoopPlan plan = new(feed, schedule, time, origin, users: 2);

        // The second user does not think, so its request overtakes the first one's.
        plan.TryTake(out PreparedRequest? first, out _);
        plan.TryTake(out PreparedRequest? none, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(0.5));
        plan.GiveBack(first!.Request);
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
        RequestSchedule schedule = new(
            [
                new ScheduledRequest(0, 0, default, 1, 1),
                new ScheduledRequest(1, 0, default, 1, 1) { ThinkSeconds = 5 },
                new ScheduledRequest(2, 0, default, 1, 1),
            ],
            concurrency: 1,
            durationSeconds: 3);
        using RequestFeed feed = Feed([.. schedule.Requests]);
        long origin = time.GetTimestamp();
        ClosedLoopPlan plan = new(feed, schedule, time, origin, users: 1);

        plan.TryTake(out PreparedRequest? first, out _);
        time.Advance(TimeSpan.FromSeconds(1));
        plan.GiveBack(first!.Request);
        bool goesOn = plan.TryTake(out PreparedRequest? thinking, out IssuePlan.Turn wait);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull(first);
        Assert.True(goesOn);
        Assert.Null(thinking);
        Assert.Equal(Seconds(3), wait.DueTimestamp - origin);
        Assert.False(plan.TryTake(out _, out _));
    }

    [Fact]
    public void ClosedLoop_LeavesEachSessionToOneUser_TurnAfterTurn()
    {
        RequestSchedule schedule = new(
            [.. Enumerable.Range(0, 5).Select(id => new ScheduledRequest(id, 0, default, 1, 1)
            {
                PrefixGroup = id / 2,
                Turn = id % 2,
                ThinkSeconds = id == 1 ? 2 : 0,
            })],
            concurrency: 2);
        using RequestFeed feed = Feed([.. schedule.InOrderOfNeed()]);
        long origin = time.GetTimestamp();
        ClosedLoopPlan plan = new(feed, schedule, time, origin, users: 2);

        // The sessions are (0, 1), (2, 3) and (4). Both users send a first turn, and nothing else goes before one comes back.
        PreparedRequest[] begun = [TakeNow(plan)!, TakeNow(plan)!];
        PreparedRequest? early = TakeNow(plan);

        // The second user goes through its session and begins the third. The first user's next turn waits for its own response.
        plan.GiveBack(begun[1].Request);
        PreparedRequest last = TakeNow(plan)!;
        plan.GiveBack(last.Request);
        PreparedRequest third = TakeNow(plan)!;
        time.Advance(TimeSpan.FromSeconds(1));
        plan.GiveBack(third.Request);
        PreparedRequest? idle = TakeNow(plan);
        time.Advance(TimeSpan.FromSeconds(4));
        plan.GiveBack(begun[0].Request);
        Assert.True(plan.TryTake(out PreparedRequest? none, out IssuePlan.Turn thought));
        time.Advance(TimeSpan.FromSeconds(2));
        PreparedRequest own = TakeNow(plan)!;

        Assert.Equal([0, 2, 3, 4, 1], [.. begun.Select(request => request.Request.Id), last.Request.Id, third.Request.Id, own.Request.Id]);
        Assert.Null(early);
        Assert.Null(idle);
        Assert.Null(none);
        Assert.Equal(Seconds(7), thought.DueTimestamp - origin);

        // From 1 s on one user had nothing left, so the full load ended there.
        Assert.Equal(Seconds(1), plan.FirstIdleTimestamp - origin);
        Assert.False(plan.TryTake(out _, out _));
    }

    [Fact]
    public void OpenLoop_SendsATurnWhenTheOneBeforeHasEndedAndItsTimeHasPassed()
    {
        // Sessions arrive at 0 and 4 s. The second turn of the first follows after 2 s, the third at once.
        RequestSchedule schedule = new(
            [Turn(0, 0, session: 0, turn: 0), Turn(1, 0, 0, 1, thinkSeconds: 2), Turn(2, 0, 0, 2), Turn(3, 4, session: 1, turn: 0)]);
        using RequestFeed feed = Feed([.. schedule.InOrderOfNeed()]);
        long origin = time.GetTimestamp();
        OpenLoopPlan plan = new(feed, schedule, time, origin, maxInFlight: null);

        PreparedRequest first = TakeNow(plan)!;
        Assert.True(plan.TryTake(out _, out IssuePlan.Turn nextSession));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(plan.GiveBack(first.Request));
        Assert.True(plan.TryTake(out PreparedRequest? early, out IssuePlan.Turn second));
        time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.True(plan.TryTake(out PreparedRequest? late, out IssuePlan.Turn due));
        time.Advance(TimeSpan.FromSeconds(0.5));
        PreparedRequest other = TakeNow(plan)!;
        Assert.False(plan.GiveBack(other.Request));
        Assert.True(plan.TryTake(out PreparedRequest? none, out IssuePlan.Turn open));
        plan.GiveBack(late!.Request);
        PreparedRequest third = TakeNow(plan)!;

        Assert.Equal([0, 1, 3, 2], [first.Request.Id, late.Request.Id, other.Request.Id, third.Request.Id]);
        Assert.Equal((Seconds(4), Seconds(3)), (nextSession.DueTimestamp - origin, second.DueTimestamp - origin));
        Assert.Null(early);

        // It ended at 1 s and is due 2 s later. The half second until it was taken is the client's lag.
        Assert.Equal(Seconds(3), due.DueTimestamp - origin);
        Assert.Null(none);
        Assert.Null(open.DueTimestamp);
        Assert.False(plan.TryTake(out _, out _));
    }

    [Fact]
    public void OpenLoop_SendsNoTurn_FromTheEndOfTheDurationOn()
    {
        RequestSchedule schedule = new([Turn(0, 0, session: 0, turn: 0), Turn(1, 0, 0, 1, thinkSeconds: 2)], durationSeconds: 3);
        using RequestFeed feed = Feed([.. schedule.InOrderOfNeed()]);
        OpenLoopPlan plan = new(feed, schedule, time, time.GetTimestamp(), maxInFlight: null);

        PreparedRequest first = TakeNow(plan)!;
        time.Advance(TimeSpan.FromSeconds(1));
        plan.GiveBack(first.Request);

        // It would be due at 3 s.
        Assert.False(plan.TryTake(out _, out _));
    }

    private static ScheduledRequest Turn(long id, double seconds, int session, int turn, double thinkSeconds = 0) =>
        new(id, seconds, default, 1, 1) { PrefixGroup = session, Turn = turn, ThinkSeconds = thinkSeconds };

    private static PreparedRequest? TakeNow(IssuePlan plan)
    {
        Assert.True(plan.TryTake(out PreparedRequest? request, out _));
        return request;
    }

    private RequestFeed Feed(params ScheduledRequest[] requests)
    {
        RequestFeed feed = new(requests, FakeBackend.Immediate(time));
        feed.WaitUntilPrimed();
        return feed;
    }

    private long Seconds(double seconds) => (long)(seconds * time.TimestampFrequency);
}
