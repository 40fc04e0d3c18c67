using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Cuts the stretch with most requests out of a long workload, so that a search does not simulate days.</summary>
internal sealed class BusiestStretch
{
    private const double MinSeconds = 180;
    private const double MaxSeconds = 3600;

    private readonly double fromSeconds;
    private readonly double lengthSeconds;

    private BusiestStretch(double fromSeconds, double lengthSeconds) =>
        (this.fromSeconds, this.lengthSeconds) = (fromSeconds, lengthSeconds);

    /// <summary>The busiest stretch of a workload; the workload itself where it is not much longer.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="schedule">Its requests.</param>
    /// <param name="requests">
    /// Requests that the stretch would have at the mean rate of the workload. It lasts from 3 minutes to an hour in any case.
    /// </param>
    internal static Workload Of(Workload workload, RequestSchedule schedule, int requests)
    {
        double end = schedule.Requests[^1].ScheduledSeconds;
        double length = Math.Clamp(end * requests / schedule.Requests.Count, MinSeconds, MaxSeconds);
        return schedule.Concurrency is not null ? workload with { Requests = Math.Min(requests, workload.Requests ?? requests) }
            : end < 2 * length ? workload
            : new BusiestStretch(BeginningSeconds(schedule, length), length).CutFrom(workload);
    }

    private Workload CutFrom(Workload workload)
    {
        Workload cut = workload with
        {
            Requests = null,
            DurationSeconds = null,
            WarmUpSeconds = Math.Min(workload.WarmUpSeconds, lengthSeconds / 5),
        };
        return workload.Arrival switch
        {
            StagedArrival staged => cut with { Arrival = staged with { Stages = Cut(staged.Stages) } },
            CountedArrival counted => cut with { Arrival = Cut(counted) },
            TraceArrival trace => cut with { Trace = Cut(workload.Trace!, trace.SpeedUpFactor) },

            // Any stretch of a load that does not change is like the others.
            _ => cut with { DurationSeconds = lengthSeconds },
        };
    }

    /// <summary>Beginning of the stretch with most requests (s): the time of one of the requests.</summary>
    private static double BeginningSeconds(RequestSchedule schedule, double lengthSeconds)
    {
        IReadOnlyList<ScheduledRequest> requests = schedule.Requests;
        double last = requests[^1].ScheduledSeconds - lengthSeconds;
        (double found, int most, int after) = (0, 0, 0);
        for (int first = 0; first < requests.Count && requests[first].ScheduledSeconds <= last; first++)
        {
            double from = requests[first].ScheduledSeconds;
            while (after < requests.Count && requests[after].ScheduledSeconds < from + lengthSeconds)
            {
                after++;
            }

            if (after - first > most)
            {
                (found, most) = (from, after - first);
            }
        }

        return found;
    }

    private List<ArrivalStage> Cut(IReadOnlyList<ArrivalStage> stages)
    {
        List<ArrivalStage> cut = [];
        double begins = 0;
        foreach (ArrivalStage stage in stages)
        {
            double start = Math.Max(0, fromSeconds - begins);
            double end = Math.Min(stage.Seconds, fromSeconds + lengthSeconds - begins);
            if (end > start)
            {
                cut.Add(stage with
                {
                    Seconds = end - start,
                    RequestsPerSecond = RateAt(stage, start),
                    EndRequestsPerSecond = stage.EndRequestsPerSecond is null ? null : RateAt(stage, end),
                });
            }

            begins += stage.Seconds;
        }

        return cut;
    }

    private static double RateAt(ArrivalStage stage, double seconds) => stage.RequestsPerSecond
        + (((stage.EndRequestsPerSecond ?? stage.RequestsPerSecond) - stage.RequestsPerSecond) * seconds / stage.Seconds);

    private CountedArrival Cut(CountedArrival counted)
    {
        double windowSeconds = counted.WindowSeconds / counted.SpeedUpFactor;
        int first = (int)Math.Round(fromSeconds / windowSeconds);
        return counted with { Counts = [.. counted.Counts.Skip(first).Take((int)Math.Ceiling(lengthSeconds / windowSeconds))] };
    }

    private TraceSource Cut(TraceSource trace, double speedUpFactor)
    {
        double from = trace.FromSeconds + (fromSeconds * speedUpFactor);
        double to = from + (lengthSeconds * speedUpFactor);
        return trace with { FromSeconds = from, ToSeconds = Math.Min(to, trace.ToSeconds ?? to) };
    }
}
