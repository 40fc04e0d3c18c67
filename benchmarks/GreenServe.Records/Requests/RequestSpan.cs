namespace GreenServe.Records.Requests;

/// <summary>
/// What the counts of a window need to know of one request, in 56 bytes: the requests of a load are kept until its window is known.
/// </summary>
/// <remarks>Times are seconds from the start of the run. A time that is not known is NaN.</remarks>
public readonly record struct RequestSpan
{
    private RequestSpan(RequestRecord request)
    {
        ScheduledSeconds = request.ScheduledSeconds;
        IssuedSeconds = request.IssuedSeconds ?? double.NaN;
        FirstTokenSeconds = request.FirstTokenSeconds ?? double.NaN;
        LastTokenSeconds = request.LastTokenSeconds ?? request.CompletedSeconds ?? double.NaN;
        EndedSeconds = request.CompletedSeconds ?? double.NaN;
        OutputTokensAsked = request.OutputTokensAsked;
        OutputTokens = request.OutputTokensCounted ?? 0;
        Status = request.Status;
    }

    /// <summary>Time at which the request was due (s).</summary>
    public double ScheduledSeconds { get; }

    /// <summary>Time at which the request was sent (s); NaN if it never was.</summary>
    public double IssuedSeconds { get; }

    /// <summary>Time at which the request was sent (s), or was due if it never was.</summary>
    internal double BeginningSeconds => double.IsNaN(IssuedSeconds) ? ScheduledSeconds : IssuedSeconds;

    /// <summary>Time of the first token (s); NaN without one.</summary>
    public double FirstTokenSeconds { get; }

    /// <summary>
    /// Time of the last token (s), or the end of the request where a record does not keep that time; NaN where neither is known.
    /// </summary>
    public double LastTokenSeconds { get; }

    /// <summary>Time at which the request ended, well or not (s); NaN if it was unfinished when the run ended.</summary>
    public double EndedSeconds { get; }

    /// <summary>Output length wanted (tokens).</summary>
    public int OutputTokensAsked { get; }

    /// <summary>Output length delivered (tokens); 0 where it is not known.</summary>
    public int OutputTokens { get; }

    /// <summary>How the request ended.</summary>
    public RequestStatus Status { get; }

    /// <summary>The span of a request.</summary>
    public static RequestSpan Of(RequestRecord request) => new(request);
}
