namespace GreenServe.Serving.Load;

/// <summary>The limits that <see cref="LoadVerdict"/> holds a run against, each with its reason.</summary>
/// <remarks>
/// Decision 0020 has the measurements behind the limits of sending and reading, and decision 0088 derives the limit of a closed loop.
/// </remarks>
internal static class LoadLimits
{
    /// <summary>
    /// Largest share of the measured requests that may fail. Failed requests have no latency: with more than one in a hundred missing, a
    /// 99th percentile no longer speaks of the load.
    /// </summary>
    internal const double MaxFailedRatio = 0.01;

    /// <summary>
    /// Largest share of the requests for which the server may not have counted the input, or the tokens of each chunk. The reason is that
    /// of <see cref="MaxFailedRatio"/>: those requests are missing from a figure.
    /// </summary>
    internal const double MaxUncountedRatio = 0.01;

    /// <summary>
    /// Mean gap (s) below which the tokens of a request came in one piece. It is 20,000 tokens a second for one user, several times more
    /// than any hardware decodes; what a buffer holds back comes faster, even over a link of 40 Mbit/s.
    /// </summary>
    internal const double MinMeanGapSeconds = 50e-6;

    /// <summary>
    /// Largest share of the requests whose tokens may come in one piece. Single requests may: a client or server that stood still for a
    /// moment has other verdict reasons.
    /// </summary>
    internal const double MaxInOnePieceRatio = 0.9;

    /// <summary>
    /// Largest deviation of delivered from requested output tokens. Energy per token changes in the same proportion, and 1 % is below
    /// the error of the meters.
    /// </summary>
    internal const double MaxOutputDeviationRatio = 0.01;

    /// <summary>
    /// Largest deviation of counted from requested input tokens. Text prompts are made of words of different length, so that their
    /// lengths are less exact than those of token ids.
    /// </summary>
    internal const double MaxInputDeviationRatio = 0.02;

    /// <summary>
    /// Largest schedule lag of an open loop at the 99th percentile (s). The TTFT limits of SLO profiles begin at 250 ms; a client may add
    /// 4 % of that without being noticed.
    /// </summary>
    internal const double MaxScheduleLagSeconds = 0.010;

    /// <summary>
    /// Largest mean schedule lag of a closed loop, as a share of the mean cycle of a user. The requests per second of a closed loop are
    /// users / (cycle), so they fall by the share of the cycle that is lag, and the mean number of requests in flight falls by the same
    /// share. 1 % is below the error of the meters.
    /// </summary>
    internal const double MaxLagOfCycleRatio = 0.01;

    /// <summary>
    /// Mean schedule lag of a closed loop (s) that is always allowed, however short the cycle. Lags that are distributed exponentially
    /// with this mean have their 99th percentile at 9.2 ms (2 ms x ln 100), just below the limit of an open loop.
    /// </summary>
    internal const double MinClosedLoopLagSeconds = 0.002;

    /// <summary>
    /// Largest receive lag at the 99th percentile, as a share of the median gap between chunks. Chunks that are read together get the
    /// time stamp of the last one. Up to half a gap that is rare, and gaps are right to some microseconds; above it errors of a whole gap
    /// appear.
    /// </summary>
    internal const double MaxReceiveLagOfGapRatio = 0.5;

    /// <summary>
    /// Receive lag (s) that is always allowed, however short the gaps: below it the scheduling of the kernel shows, not the client.
    /// </summary>
    internal const double MinReceiveLagLimitSeconds = 0.001;

    /// <summary>
    /// Receive lag (s) that is never allowed, however long the gaps, and the limit where the gaps are unknown: half of the usual TBT limit
    /// of 100 ms.
    /// </summary>
    internal const double MaxReceiveLagLimitSeconds = 0.050;

    /// <summary>
    /// Largest share of the time that the busiest reading thread, or all cores together, may be busy. Above it, chunks queue in the client.
    /// </summary>
    internal const double MaxBusyRatio = 0.95;

    /// <summary>
    /// Largest share of the time that the client may stand still for garbage collection: it neither sends nor reads then.
    /// </summary>
    internal const double MaxGcPauseRatio = 0.05;
}
