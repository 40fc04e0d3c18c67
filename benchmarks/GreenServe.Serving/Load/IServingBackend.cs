using GreenServe.Records.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>A server, or what stands for one, that answers requests in real time. Implementations are thread-safe.</summary>
public interface IServingBackend : IAsyncDisposable
{
    /// <summary>
    /// Makes a request ready, so that sending it costs as little as possible. It is called ahead of time, and never on the thread that
    /// sends.
    /// </summary>
    PreparedRequest Prepare(ScheduledRequest request);

    /// <summary>
    /// Opens connections ahead of a load, so that its first requests need not wait for theirs. By default it does nothing.
    /// </summary>
    /// <param name="count">Number of requests that will be in flight at once, at least 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task OpenConnectionsAsync(int count, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Sends a request and follows it to its end. It calls <see cref="RequestTrace.Issue"/> first, and again when the bytes go. It ends the
    /// trace with <see cref="RequestTrace.Complete"/> or <see cref="RequestTrace.Fail"/>. It never throws. If it can, it sends before its
    /// first await, since the calling thread keeps the schedule.
    /// </summary>
    /// <param name="request">The request as <see cref="Prepare"/> returned it.</param>
    /// <param name="trace">Receives what the client sees of the request.</param>
    /// <param name="cancellationToken">Gives the request up; <paramref name="trace"/> knows the reason.</param>
    Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken);

    /// <summary>Tells how well the client's reading side has kept up since the backend was opened.</summary>
    ReadingSelfCheck CheckReading();
}

/// <summary>How well a client's reading side kept up.</summary>
/// <param name="ReceiptClock">
/// The source of receipt times: <c>kernel</c> for the kernel's time stamp of the arriving bytes, <c>user</c> for the time at which they
/// were read.
/// </param>
/// <param name="ReceiveLags">
/// Time from the arrival of a chunk in the kernel to its being read (s); <c>null</c> where the kernel does not stamp what arrives.
/// </param>
/// <param name="BusySeconds">Time that the busiest reading thread spent not waiting (s); <c>null</c> where it is not known.</param>
public sealed record ReadingSelfCheck(string ReceiptClock, LatencyHistogram? ReceiveLags, double? BusySeconds);

/// <summary>
/// A request that is ready to be sent. A backend derives a class that holds what it needs for sending. The backend disposes it when the
/// request has ended.
/// </summary>
/// <param name="request">The request of the schedule.</param>
public class PreparedRequest(ScheduledRequest request) : IDisposable
{
    /// <summary>The request of the schedule.</summary>
    public ScheduledRequest Request { get; } = request;

    /// <summary>Memory held until disposal (bytes), which limits how many requests are prepared ahead.</summary>
    /// <value>0.</value>
    public virtual int Bytes => 0;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the request holds.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
