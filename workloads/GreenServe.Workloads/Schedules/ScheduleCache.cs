using GreenServe.Records;

namespace GreenServe.Workloads.Schedules;

/// <summary>
/// Keeps schedules, so that the points of a sweep with the same workload and seed draw theirs once. The schedules that were drawn first
/// are dropped once all together are larger than a limit. The one drawn last is kept whatever its size.
/// </summary>
/// <param name="maxBytes">Memory of the schedules that are kept, in bytes. Traces that they refer to come on top.</param>
/// <remarks>The type is thread-safe. Callers that need one schedule at the same time wait until one of them has drawn it.</remarks>
public sealed class ScheduleCache(long maxBytes = ScheduleCache.DefaultMaxBytes)
{
    /// <summary>The default limit, in bytes: four million requests with random times and lengths.</summary>
    public const long DefaultMaxBytes = 64_000_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(Workload Workload, int Repetition), Lazy<RequestSchedule>> schedules = [];
    private readonly Queue<((Workload Workload, int Repetition) Key, long Bytes)> drawn = new();
    private long totalBytes;

    /// <summary>The schedule of a workload, which <see cref="RequestSchedule.For"/> draws where it is not kept.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="repetition">Number of the repetition, from 0.</param>
    /// <exception cref="InvalidInputException">The workload has no schedule. Nothing is kept of it.</exception>
    /// <exception cref="UnavailableException">The requests do not fit into this host's memory. Nothing is kept of them.</exception>
    public RequestSchedule For(Workload workload, int repetition = 0)
    {
        (Workload, int) key = (workload, repetition);
        Lazy<RequestSchedule>? schedule;
        lock (gate)
        {
            if (!schedules.TryGetValue(key, out schedule))
            {
                schedule = new Lazy<RequestSchedule>(() => Draw(workload, repetition));
                schedules.Add(key, schedule);
            }
        }

        return schedule.Value;
    }

    private RequestSchedule Draw(Workload workload, int repetition)
    {
        try
        {
            RequestSchedule schedule = RequestSchedule.For(workload, repetition);
            Keep((workload, repetition), schedule.Bytes);
            return schedule;
        }
        catch (Exception exception) when (exception is InvalidInputException or UnavailableException)
        {
            lock (gate)
            {
                schedules.Remove((workload, repetition));
            }

            throw;
        }
    }

    private void Keep((Workload Workload, int Repetition) key, long bytes)
    {
        lock (gate)
        {
            drawn.Enqueue((key, bytes));
            totalBytes += bytes;
            while (totalBytes > maxBytes && drawn.Count > 1)
            {
                ((Workload, int) oldest, long freed) = drawn.Dequeue();
                schedules.Remove(oldest);
                totalBytes -= freed;
            }
        }
    }
}
