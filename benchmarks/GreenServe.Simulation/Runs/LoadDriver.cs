using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>Sends the requests of a schedule in virtual time and lets the target run until all have ended, or the drain limit has passed.</summary>
internal sealed class LoadDriver(RequestSchedule schedule, IServingTarget target, double frontEndSeconds)
{
    private const double MinDrainSeconds = 600;

    private readonly PriorityQueue<SimulatedRequest, (double Seconds, long Id)> arrivals = new();
    private int next;

    /// <summary>The queue's length as the arriving requests saw it, warm-up left out.</summary>
    internal QueueGrowth Queue { get; } = new();

    /// <summary>
    /// Longest time after the last arrival of an open loop (s): as long as the arrivals took, at least ten minutes. No limit where all
    /// arrive at once: that is a batch to work off, not a load.
    /// </summary>
    internal double DrainSeconds { get; } = schedule.Requests is { Count: > 0 } requests && requests[^1].ScheduledSeconds > requests[0].ScheduledSeconds
        ? Math.Max(MinDrainSeconds, requests[^1].ScheduledSeconds - requests[0].ScheduledSeconds)
        : double.PositiveInfinity;

    /// <summary>Runs to the end.</summary>
    /// <returns>Length of the run (s).</returns>
    internal double Run()
    {
        double deadline = double.PositiveInfinity;
        if (schedule.Concurrency is { } users)
        {
            for (int user = 0; user < users && next < schedule.Requests.Count; user++)
            {
                Send(0, user, nextTurn: null);
            }
        }
        else if (schedule.Requests.Count > 0)
        {
            deadline = schedule.Requests[^1].ScheduledSeconds + frontEndSeconds + DrainSeconds;
        }

        while (true)
        {
            double arrival = NextArrivalSeconds();
            if (arrival <= target.EndsAt)
            {
                if (double.IsPositiveInfinity(arrival))
                {
                    return target.Now;
                }

                Arrive(arrival);
            }
            else
            {
                if (target.EndsAt > deadline)
                {
                    target.RunOut(deadline);
                    return target.Now;
                }

                foreach (SimulatedRequest ended in target.Advance())
                {
                    if (schedule.Concurrency is not null)
                    {
                        Send(target.Now, ended.User, schedule.TurnAfter(ended.Request));
                    }
                }
            }
        }
    }

    private double NextArrivalSeconds()
    {
        if (schedule.Concurrency is null)
        {
            return next < schedule.Requests.Count ? schedule.Requests[next].ScheduledSeconds + frontEndSeconds : double.PositiveInfinity;
        }

        return arrivals.TryPeek(out _, out (double Seconds, long Id) first) ? first.Seconds : double.PositiveInfinity;
    }

    private void Arrive(double seconds)
    {
        SimulatedRequest request = schedule.Concurrency is null
            ? Make(schedule.Requests[next++], user: 0)
            : arrivals.Dequeue();
        if (request.Request.ScheduledSeconds >= schedule.WarmUpSeconds)
        {
            Queue.Add(seconds, target.WaitingCount);
        }

        target.Enqueue(request, seconds);
    }

    /// <summary>
    /// A user of a closed loop takes the next turn of its session or else the next request that is free, thinks, and sends it; it counts
    /// as scheduled when it is sent. None is sent at or after the schedule's duration.
    /// </summary>
    private void Send(double seconds, int user, int? nextTurn)
    {
        int index = nextTurn ?? schedule.FirstFreeFrom(next);
        if (index == schedule.Requests.Count)
        {
            return;
        }

        ScheduledRequest request = schedule.Requests[index];
        double issued = seconds + request.ThinkSeconds;
        if (issued >= schedule.DurationSeconds)
        {
            return;
        }

        next = nextTurn is null ? index + 1 : next;
        arrivals.Enqueue(Make(request with { ScheduledSeconds = issued }, user), (issued + frontEndSeconds, request.Id));
    }

    private SimulatedRequest Make(ScheduledRequest request, int user)
    {
        int gapClass = request.ScheduledSeconds < schedule.WarmUpSeconds ? GapCounts.Uncounted : GapCounts.IndexOf(request.Class);
        return new SimulatedRequest(request, request.ScheduledSeconds, gapClass, user, request.OutputTokens)
        {
            PrefixGroup = request.PrefixGroup,
            SharedPrefixTokens = request.SharedPrefixTokens,
            LeavesWholePrompt = request.Turn is not null,
        };
    }
}
