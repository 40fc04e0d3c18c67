using GreenServe.Records.Measurements;

namespace GreenServe.Records.Requests;

/// <summary>
/// Counts the requests of a window: each by the share of its service time, from issue to end, that lies in the window.
/// </summary>
/// <remarks>
/// <para>
/// A user who is always busy with requests of service time e adds window / e, wherever the edges cut. In an open loop the expected sum is
/// the arrival rate times the length of the window. The derivation is in <c>paper-artifacts/measurement.md</c>.
/// </para>
/// <para>
/// A request that the client cancelled has no end of its own. It is taken to have needed, beyond the time it had, the mean gap of the
/// run's completed requests for each token that was still to come, and up to their mean time to first token if it had none.
/// </para>
/// </remarks>
public sealed class WindowRequests
{
    private readonly Pace pace = new();
    private readonly List<RequestSpan> cancelled = [];

    /// <summary>A window to which requests are added one by one.</summary>
    /// <param name="window">The window.</param>
    public WindowRequests(MeasurementWindow window) => Window = window;

    /// <summary>Counts the requests of a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="requests">Every request of the run, whenever it ran.</param>
    public WindowRequests(MeasurementWindow window, IEnumerable<RequestSpan> requests)
        : this(window)
    {
        foreach (RequestSpan request in requests)
        {
            Add(request);
        }
    }

    /// <summary>The window.</summary>
    public MeasurementWindow Window { get; }

    /// <summary>Requests that completed, each by its share; a fraction.</summary>
    public double CompletedRequests { get; private set; }

    /// <summary>Requests that the client cancelled, each by its estimated share; a fraction.</summary>
    public double CancelledRequests => cancelled.Sum(request => Share(request));

    /// <summary>
    /// Requests that the server served in the window: the completed ones and the part of the cancelled ones that it had served by then.
    /// </summary>
    public double ServedRequests => CompletedRequests + CancelledRequests;

    /// <summary>Adds a request of the run, whenever it ran.</summary>
    public void Add(in RequestSpan request)
    {
        if (request.Status == RequestStatus.Cancelled)
        {
            cancelled.Add(request);
        }
        else if (request.Status == RequestStatus.Completed)
        {
            CompletedRequests += Share(request);
            pace.Add(request);
        }
    }

    /// <summary>The share of a request's service time that lies in the window, in [0, 1].</summary>
    /// <remarks>
    /// A request without any length counts whole if its instant lies in the window. A cancelled request has no share where no request of
    /// the run completed, because nothing tells how long it would have taken. Its share is final when every request has been added.
    /// </remarks>
    public double Share(in RequestSpan request)
    {
        double from = request.BeginningSeconds;
        double to = double.IsNaN(request.EndedSeconds) ? Math.Max(from, Window.EndSeconds) : request.EndedSeconds;
        if (request.Status != RequestStatus.Cancelled)
        {
            return to > from ? Window.OverlapSeconds(from, to) / (to - from) : Window.Contains(to) ? 1 : 0;
        }

        bool isSent = !double.IsNaN(request.IssuedSeconds);
        return isSent && to > from && pace.RemainingSeconds(request, to - from) is { } remaining
            ? Window.OverlapSeconds(from, to) / (to - from + remaining)
            : 0;
    }

    /// <summary>How fast the completed requests of a run were served.</summary>
    private sealed class Pace
    {
        private double services;
        private double firstTokens;
        private double gaps;
        private long serviceCount;
        private long firstTokenCount;
        private long gapCount;

        internal void Add(in RequestSpan request)
        {
            if (request.EndedSeconds - request.BeginningSeconds is >= 0 and var service)
            {
                services += service;
                serviceCount++;
            }

            if (request.FirstTokenSeconds - request.BeginningSeconds is >= 0 and var untilFirstToken)
            {
                firstTokens += untilFirstToken;
                firstTokenCount++;
            }

            if (request.OutputTokens > 1 && request.LastTokenSeconds - request.FirstTokenSeconds is >= 0 and var later)
            {
                gaps += later;
                gapCount += request.OutputTokens - 1;
            }
        }

        /// <summary>Time that a cancelled request would have taken beyond its end (s); <c>null</c> where no request completed.</summary>
        /// <remarks>Where the times of tokens are not known, the mean service time stands for that of the request.</remarks>
        internal double? RemainingSeconds(in RequestSpan request, double takenSeconds)
        {
            if (gapCount == 0 || firstTokenCount == 0)
            {
                return serviceCount > 0 ? Math.Max(0, (services / serviceCount) - takenSeconds) : null;
            }

            bool hasBegun = !double.IsNaN(request.FirstTokenSeconds);
            double untilFirstToken = hasBegun ? 0 : Math.Max(0, (firstTokens / firstTokenCount) - takenSeconds);
            int delivered = Math.Max(1, request.OutputTokens);
            return untilFirstToken + (Math.Max(0, request.OutputTokensAsked - delivered) * gaps / gapCount);
        }
    }
}
