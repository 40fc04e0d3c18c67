using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Sends the requests of a schedule in virtual time and lets the target run until all requests have ended or the drain limit has passed.
/// </summary>
/// <param name="schedule">The requests, in an open or a closed loop.</param>
/// <param name="target">The instance or cluster that serves them.</param>
/// <param name="frontEndSeconds">Time from sending a request to its arrival at the engine, in seconds.</param>
internal sealed class LoadDriver(RequestSchedule schedule, IServingTarget target, double frontEndSeconds)
{
    /// <summary>Shortest drain limit, in seconds. Ten minutes let even the longest request of a short schedule end.</summary>
    private const double MinDrainSeconds = 600;

    private readonly PriorityQueue<SimulatedRequest, (double Seconds, long Id)> arrivals = new();
    private readonly int count = schedule.Requests.Count;
    private readonly SessionWindow? window = SessionWindow.Of(schedule);
    private int next;

    /// <summary>The next request of an open loop; it has no meaning after the last one.</summary>
    private ScheduledRequest upcoming;

    /// <summary>Length of the queue that each arriving request found. Requests of the warm-up are left out.</summary>
    internal QueueGrowth Queue { get; } = new();

    /// <summary>
    /// Longest time that an open loop runs after its last arrival, in seconds: as long as the arrivals took, and at least ten minutes. It
    /// is infinite where all requests arrive at once, since they are a batch to complete rather than a load.
    /// </summary>
    internal double DrainSeconds { get; } = DrainLimit(schedule.Requests);

    /// <summary>The steady window of a load whose sessions decide on it; <c>null</c> where it follows from the requests alone.</summary>
    internal MeasurementWindow? Window => window?.Find();

    /// <summary>The verdict reason against a load whose sessions decide on its window and which has none.</summary>
    internal VerdictReason? NoWindow => window is not null && Window is null
        ? new VerdictReason(VerdictCode.NoSteadyWindow, "the sessions were over before their load was steady: it needs more of them")
        : null;

    /// <summary>Runs until all requests have ended or the drain limit has passed.</summary>
    /// <returns>Length of the run, in seconds.</returns>
    internal double RunToEndSeconds()
    {
        double deadline = double.PositiveInfinity;
        if (schedule.Concurrency is { } users)
        {
            for (int user = 0; user < users && next < count; user++)
            {
                Send(0, user, nextTurn: null);
            }
        }
        else if (count > 0)
        {
            next = schedule.FirstFreeFrom(0);
            upcoming = schedule.Requests[next];
            deadline = schedule.Requests[^1].ScheduledSeconds + frontEndSeconds + DrainSeconds;
        }

        while (true)
        {
            double arrival = NextArrivalSeconds();
            if (arrival <= target.EndsAtSeconds)
            {
                if (double.IsPositiveInfinity(arrival))
                {
                    target.RunOut(deadline);
                    return target.NowSeconds;
                }

                Arrive(arrival);
            }
            else
            {
                if (target.EndsAtSeconds > deadline)
                {
                    target.RunOut(deadline);
                    return target.NowSeconds;
                }

                IReadOnlyList<SimulatedRequest> ended = target.Advance();
                for (int index = 0; index < ended.Count; index++)
                {
                    GoOn(ended[index]);
                }
            }
        }
    }

    private static double DrainLimit(IReadOnlyList<ScheduledRequest> requests)
    {
        double arrivalSeconds = requests.Count == 0 ? 0 : requests[^1].ScheduledSeconds - requests[0].ScheduledSeconds;
        return arrivalSeconds > 0 ? Math.Max(MinDrainSeconds, arrivalSeconds) : double.PositiveInfinity;
    }

    /// <summary>Sends what follows a request that has ended: the next turn of its session, or what its user takes next.</summary>
    private void GoOn(SimulatedRequest ended)
    {
        window?.NoteEnd(ended.Request, ended.FirstTokenSeconds);
        int? nextTurn = schedule.TurnAfter(ended.Request);
        if (schedule.Concurrency is not null || nextTurn is not null)
        {
            Send(target.NowSeconds, ended.User, nextTurn);
        }
    }

    private double NextArrivalSeconds()
    {
        double sent = arrivals.TryPeek(out _, out (double Seconds, long Id) first) ? first.Seconds : double.PositiveInfinity;
        return Math.Min(sent, UpcomingSeconds);
    }

    /// <summary>When the next request of an open loop arrives, or the next session; infinite after the last one.</summary>
    private double UpcomingSeconds =>
        schedule.Concurrency is null && next < count ? upcoming.ScheduledSeconds + frontEndSeconds : double.PositiveInfinity;

    private void Arrive(double seconds)
    {
        SimulatedRequest request = UpcomingSeconds <= seconds ? TakeUpcoming() : arrivals.Dequeue();
        if (request.Request.ScheduledSeconds >= schedule.WarmUpSeconds)
        {
            Queue.Add(seconds, target.WaitingCount);
        }

        target.Enqueue(request, seconds);
    }

    private SimulatedRequest TakeUpcoming()
    {
        SimulatedRequest request = Make(upcoming, user: 0);
        window?.NoteSent(upcoming, upcoming.ScheduledSeconds);
        next = schedule.FirstFreeFrom(next + 1);
        upcoming = next < count ? schedule.Requests[next] : default;
        return request;
    }

    /// <summary>
    /// A user takes the next turn of its session, or in a closed loop the next free request if there is none. It thinks and then sends the
    /// request, which counts as scheduled at that moment. No request is sent at or after the duration of the schedule.
    /// </summary>
    private void Send(double seconds, int user, int? nextTurn)
    {
        int index = nextTurn ?? schedule.FirstFreeFrom(next);
        if (index == count)
        {
            window?.NoteIdle(seconds);
            return;
        }

        ScheduledRequest request = schedule.Requests[index];
        double issued = seconds + request.ThinkSeconds;
        if (issued >= schedule.DurationSeconds)
        {
            return;
        }

        next = nextTurn is null ? index + 1 : next;
        window?.NoteSent(request, issued);
        arrivals.Enqueue(Make(request with { ScheduledSeconds = issued }, user), (issued + frontEndSeconds, request.Id));
    }

    private SimulatedRequest Make(in ScheduledRequest request, int user)
    {
        int? gapClass = request.ScheduledSeconds < schedule.WarmUpSeconds ? null : GapCounts.IndexOf(request.Class);
        return new SimulatedRequest(request, request.ScheduledSeconds, gapClass, user, request.OutputTokens)
        {
            PrefixGroup = request.PrefixGroup,
            SharedPrefixTokens = request.SharedPrefixTokens,
            KeepsWholePrompt = request.Turn is not null,
            Blocks = request.Blocks,
        };
    }
}
