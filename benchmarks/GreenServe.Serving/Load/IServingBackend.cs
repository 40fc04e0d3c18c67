using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>What serves requests in real time. Thread-safe.</summary>
public interface IServingBackend : IAsyncDisposable
{
    /// <summary>Makes a request ready to be sent, so that sending it costs as little as possible. Not called on the issuing thread.</summary>
    PreparedRequest Prepare(ScheduledRequest request);

    /// <summary>
    /// Sends a request and follows it to its end. Calls <see cref="RequestTrace.Issue"/> first, ends the trace with
    /// <see cref="RequestTrace.Complete"/> or <see cref="RequestTrace.Fail"/>, and never throws. Sends before it first yields, if it can.
    /// </summary>
    /// <param name="request">What <see cref="Prepare"/> made of it.</param>
    /// <param name="trace">What is seen of it.</param>
    /// <param name="cancellationToken">Gives the request up; the trace knows why.</param>
    Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken);

    /// <summary>How well the client's reading side has kept up since the start.</summary>
    ReadingSelfCheck CheckReading();
}
