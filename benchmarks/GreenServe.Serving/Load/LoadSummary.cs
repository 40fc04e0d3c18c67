using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>Sums over the measured requests of a run: those scheduled after the warm-up.</summary>
internal sealed class LoadSummary
{
    /// <summary>Second 0 of the schedule on the run's clock (s).</summary>
    internal double OriginSeconds { get; init; }

    /// <summary>End of the warm-up on the run's clock (s), to the nanosecond, as tables are written.</summary>
    internal double WarmUpSeconds { get; init; }

    /// <summary>The steady window; <c>null</c> if there was none.</summary>
    internal MeasurementWindow? Window { get; set; }

    /// <summary>Tokens over time, from which any window can be counted; <c>null</c> until the load has ended.</summary>
    internal TokenTimeline? Timeline { get; set; }

    /// <summary>Issued - scheduled, without the time in the client's queue.</summary>
    internal LatencyHistogram ScheduleLags { get; } = new();

    /// <summary>Measured requests by how they ended.</summary>
    internal Dictionary<RequestStatus, long> Statuses { get; } = [];

    /// <summary>One message of each kind of failure.</summary>
    internal Dictionary<RequestStatus, string> Examples { get; } = [];

    /// <summary>What speaks against a steady state.</summary>
    internal List<VerdictReason> Unsteady { get; } = [];

    /// <summary>Median time between chunks of a request (s); <c>null</c> without any.</summary>
    internal double? MedianGapSeconds { get; set; }

    /// <summary>Warm-up requests.</summary>
    internal long WarmUpRequests { get; set; }

    /// <summary>Measured requests never sent, because the run was stopped.</summary>
    internal long NotSent { get; set; }

    /// <summary>Of those that came to an end of their own: input tokens asked for.</summary>
    internal long InputTokensAsked { get; set; }

    /// <summary>Of those: input tokens counted by the server.</summary>
    internal long InputTokensCounted { get; set; }

    /// <summary>Of those: requests whose input the server did not count.</summary>
    internal long InputsUncounted { get; set; }

    /// <summary>Of those: output tokens asked for.</summary>
    internal long OutputTokensAsked { get; set; }

    /// <summary>Of those: output tokens delivered.</summary>
    internal long OutputTokensCounted { get; set; }

    /// <summary>Completed requests with chunks whose number of tokens is unknown.</summary>
    internal long TokenTimesUnknown { get; set; }

    /// <summary>Output tokens received within the window, of whatever request.</summary>
    internal long WindowOutputTokens { get; set; }

    /// <summary>Requests completed within the window.</summary>
    internal long WindowCompleted { get; set; }

    /// <summary>Measured requests in all.</summary>
    internal long Requests => Statuses.Values.Sum();

    /// <summary>Measured requests with this status.</summary>
    internal long CountOf(RequestStatus status) => Statuses.GetValueOrDefault(status);
}
