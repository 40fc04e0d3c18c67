using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Prepares requests ahead of the issuing thread, on a thread of its own, bounded in number and in bytes.</summary>
internal sealed class RequestFeed : IDisposable
{
    /// <summary>Requests prepared ahead at most: half a second at the 2,000 requests/s that the client is tested with.</summary>
    private const int MaxAhead = 1024;

    /// <summary>
    /// Bytes of prepared requests, above which no further one is begun: 64 MB, so that long prompts do not fill the memory.
    /// </summary>
    private const long MaxBytesAhead = 64 * 1024 * 1024;
    private readonly Queue<PreparedRequest> ready = new();
    private readonly Dictionary<long, PreparedRequest> passedOver = [];
    private readonly Queue<ScheduledRequest> announced = new();
    private readonly HashSet<long> announcedIds = [];
    private readonly object gate = new();
    private readonly Thread thread;
    private long bytesAhead;
    private Exception? failure;
    private bool isComplete;
    private bool isStopping;

    internal RequestFeed(IReadOnlyList<ScheduledRequest> requests, IServingBackend backend)
    {
        thread = new Thread(() => Prepare(requests, backend)) { Name = "prepare requests", IsBackground = true };
        thread.Start();
    }

    /// <summary>Waits until as many requests are ready as may be, so that preparing them delays none of the first.</summary>
    internal void WaitUntilPrimed()
    {
        lock (gate)
        {
            while (!isComplete && ready.Count < MaxAhead && bytesAhead <= MaxBytesAhead)
            {
                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Takes the next request in the order given, and waits for it where it is not ready yet.</summary>
    /// <returns>The request; <c>null</c> after the last one.</returns>
    /// <exception cref="InvalidOperationException">The backend could not prepare a request.</exception>
    internal PreparedRequest? Take()
    {
        lock (gate)
        {
            while (ready.Count == 0 && !isComplete)
            {
                Monitor.Wait(gate);
            }

            if (ready.Count == 0)
            {
                return failure is null ? null : throw new InvalidOperationException("Preparing requests failed.", failure);
            }

            PreparedRequest next = ready.Dequeue();
            bytesAhead -= next.Bytes;
            Monitor.PulseAll(gate);
            return next;
        }
    }

    /// <summary>Takes a certain request, and keeps those prepared before it for later.</summary>
    /// <param name="id">Number of the request in the schedule.</param>
    /// <returns>The request; <c>null</c> where it does not exist or has been taken already.</returns>
    internal PreparedRequest? Take(long id)
    {
        lock (gate)
        {
            while (announcedIds.Contains(id) && !passedOver.ContainsKey(id) && failure is null)
            {
                Monitor.Wait(gate);
            }

            announcedIds.Remove(id);
            if (passedOver.Remove(id, out PreparedRequest? kept))
            {
                return kept;
            }
        }

        while (Take() is { } next)
        {
            if (next.Request.Id == id)
            {
                return next;
            }

            lock (gate)
            {
                passedOver.Add(next.Request.Id, next);
            }
        }

        return null;
    }

    /// <summary>Has a request prepared before those in the order given. It is needed soon, and is none of them.</summary>
    internal void Announce(in ScheduledRequest request)
    {
        lock (gate)
        {
            announced.Enqueue(request);
            announcedIds.Add(request.Id);
            Monitor.PulseAll(gate);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.PulseAll(gate);
        }

        thread.Join();
        foreach (PreparedRequest request in ready.Concat(passedOver.Values))
        {
            request.Dispose();
        }
    }

    private void Prepare(IReadOnlyList<ScheduledRequest> requests, IServingBackend backend)
    {
        try
        {
            int next = 0;
            while (TryTakeNext(requests, ref next, out ScheduledRequest request, out bool wasAnnounced))
            {
                Keep(backend.Prepare(request), wasAnnounced);
            }
        }
        catch (Exception exception)
        {
            // The issuing thread throws it, and so ends the run.
            failure = exception;
        }

        lock (gate)
        {
            isComplete = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for a request to prepare. What was announced comes first, and needs no room.</summary>
    /// <returns><c>false</c> when the feed is disposed.</returns>
    private bool TryTakeNext(IReadOnlyList<ScheduledRequest> requests, ref int next, out ScheduledRequest request, out bool wasAnnounced)
    {
        lock (gate)
        {
            while (!isStopping)
            {
                wasAnnounced = announced.TryDequeue(out request);
                if (wasAnnounced)
                {
                    return true;
                }

                if (next < requests.Count && ready.Count < MaxAhead && (bytesAhead <= MaxBytesAhead || ready.Count == 0))
                {
                    request = requests[next++];
                    return true;
                }

                if (next == requests.Count && !isComplete)
                {
                    isComplete = true;
                    Monitor.PulseAll(gate);
                }

                Monitor.Wait(gate);
            }
        }

        (request, wasAnnounced) = (default, false);
        return false;
    }

    private void Keep(PreparedRequest request, bool wasAnnounced)
    {
        lock (gate)
        {
            if (wasAnnounced)
            {
                passedOver.Add(request.Request.Id, request);
            }
            else
            {
                ready.Enqueue(request);
                bytesAhead += request.Bytes;
            }

            Monitor.PulseAll(gate);
        }
    }
}
