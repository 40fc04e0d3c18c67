using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class SessionRampTests
{
    [Fact]
    public void FullAfterSeconds_IsWhen95PercentOfTheTurnsAreUnderWay()
    {
        // 100 sessions of two turns, one a second. The second turn of session n follows after n seconds, up to 49 in the first half.
        RequestSchedule schedule = Schedule(100);
        SessionRamp ramp = new(schedule);
        foreach (ScheduledRequest request in schedule.Requests)
        {
            ramp.Add(request, request.ScheduledSeconds + (request.Turn == 1 ? request.ScheduledSeconds : 0));
        }

        // 50 sessions count, with 100 turns. Fifty are sent at once, and the 45th of the others, of 95, after 44 s.
        Assert.Equal(44, ramp.FullAfterSeconds(), tolerance: 44 * 0.02);
    }

    [Fact]
    public void FullAfterSeconds_IsInfinite_WhenTurnsWereNeverSent()
    {
        RequestSchedule schedule = Schedule(100);
        SessionRamp ramp = new(schedule);
        foreach (ScheduledRequest request in schedule.Requests.Where(request => request.Turn == 0))
        {
            ramp.Add(request, request.ScheduledSeconds);
        }

        Assert.Equal(double.PositiveInfinity, ramp.FullAfterSeconds());
    }

    private static RequestSchedule Schedule(int sessions) => new(
    [
        .. Enumerable.Range(0, 2 * sessions).Select(id => new ScheduledRequest(id, id / 2, default, 1, 1)
        {
            PrefixGroup = id / 2,
            Turn = id % 2,
        }),
    ]);
}
