using System.Collections.Concurrent;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

/// <summary>A backend without a network: each request does what the test says.</summary>
internal sealed class FakeBackend(TimeProvider provider, Func<RequestTrace, CancellationToken, Task> serve) : IServingBackend
{
    private int inFlight;

    internal ConcurrentQueue<long> Order { get; } = new();

    internal int MaxInFlight { get; private set; }

    /// <summary>The numbers of connections that were to be opened ahead of a load.</summary>
    internal List<int> OpenedAhead { get; } = [];

    public Task OpenConnectionsAsync(int count, CancellationToken cancellationToken)
    {
        OpenedAhead.Add(count);
        return Task.CompletedTask;
    }

    public PreparedRequest Prepare(ScheduledRequest request) => new(request);

    public async Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        trace.Issue();
        Order.Enqueue(trace.Request.Id);
        int now = Interlocked.Increment(ref inFlight);
        lock (Order)
        {
            MaxInFlight = Math.Max(MaxInFlight, now);
        }

        try
        {
            await serve(trace, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            bool isCancelled = trace.CancelReason is CancelReason.RunEnded or CancelReason.Interrupted;
            trace.Fail(isCancelled ? RequestStatus.Cancelled : RequestStatus.TimedOut, "gone");
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    public ReadingSelfCheck CheckReading() => new("user", null, null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Completes a request with all its tokens at once, now.</summary>
    internal Task Complete(RequestTrace trace)
    {
        trace.AddChunk(provider.GetTimestamp(), trace.Request.OutputTokens);
        trace.InputTokens = trace.Request.InputTokens;
        trace.OutputTokens = trace.Request.OutputTokens;
        trace.Complete(provider.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <summary>A backend that answers at once.</summary>
    internal static FakeBackend Immediate(TimeProvider provider)
    {
        FakeBackend? backend = null;
        backend = new FakeBackend(provider, (trace, _) => backend!.Complete(trace));
        return backend;
    }
}
