using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

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
