using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>A request that is ready to be sent. Backends derive their own; disposed when the request has ended.</summary>
/// <param name="request">The request.</param>
public class PreparedRequest(ScheduledRequest request) : IDisposable
{
    /// <summary>The request.</summary>
    public ScheduledRequest Request { get; } = request;

    /// <summary>Memory it holds until it is disposed (bytes).</summary>
    public virtual int Bytes => 0;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what it holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
