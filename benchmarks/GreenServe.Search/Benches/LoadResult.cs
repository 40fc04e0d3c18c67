using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Search.Benches;

/// <summary>What a server did at one load.</summary>
/// <param name="Load">The load that was offered.</param>
/// <param name="Run">The record of the run, reduced to its metrics.</param>
/// <param name="WallSeconds">Time that the run took, with everything before and after its load (s).</param>
public sealed record LoadResult(OfferedLoad Load, ExperimentRun Run, double WallSeconds)
{
    /// <summary>
    /// An open loop is above capacity if less than this share of its arrivals was served. The requests in flight at the edges of a window
    /// make a smaller difference.
    /// </summary>
    private const double MinServedShare = 0.85;

    /// <summary>Smallest number of requests that must be missing before the share counts: fewer are missing by chance.</summary>
    private const double MinMissingRequests = 5;

    /// <summary>The codes of runs that were too short.</summary>
    private static readonly string[] LengthCodes =
    [
        VerdictCode.EnergyWindowTooShort.Text, VerdictCode.NoSteadyWindow.Text, VerdictCode.TooFewRequests.Text,
        VerdictCode.NothingCompleted.Text,
    ];

    /// <summary>The metrics of the run.</summary>
    public RunMetrics Metrics => Run.Metrics;

    /// <summary>Whether the run counts.</summary>
    public bool IsValid => Metrics.IsValid;

    /// <summary>
    /// Whether the server could not follow the load: its queue grew, it turned requests away, or too few of the arrivals were served. A run
    /// that tells nothing about the server is not above capacity.
    /// </summary>
    public bool IsAboveCapacity => !HasOtherReasons && (IsSaturated || IsOverloaded || IsUnderserved);

    /// <summary>
    /// Whether the run tells nothing about the server's speed: requests failed, the client was late, the lengths were wrong, or nothing was
    /// steady. Reasons about energy and metering do not matter here.
    /// </summary>
    public bool IsVoid => !IsAboveCapacity
        && Metrics.Reasons.Any(reason => reason.Subject is not (VerdictSubject.Energy or VerdictSubject.Metering));

    private bool HasOtherReasons => Metrics.Reasons.Any(reason =>
        reason.Subject is not (VerdictSubject.Load or VerdictSubject.Energy or VerdictSubject.Metering));

    /// <summary>Whether the queue or the latency of an open loop grew. The users of a closed loop wait, and it has no such end.</summary>
    private bool IsSaturated => Load.Users is null && Metrics.Reasons.Any(reason =>
        reason.Code == VerdictCode.Saturated.Text || reason.Code == VerdictCode.NotSteady.Text);

    /// <summary>Whether the requests that failed did so because the server turned most of them away (429, 503).</summary>
    private bool IsOverloaded
    {
        get
        {
            int turnedAway = Metrics.Counts.NotCompleted.GetValueOrDefault(RequestStatus.Overloaded);
            int failed = Metrics.Counts.NotCompleted.Where(pair => pair.Key != RequestStatus.Cancelled).Sum(pair => pair.Value);
            return turnedAway > 0 && 2 * turnedAway >= failed && Metrics.Reasons.Any(reason => reason.Code == VerdictCode.Failures.Text);
        }
    }

    private bool IsUnderserved => Load.Users is null && Metrics.Traffic is { } traffic
        && !Metrics.Reasons.Any(reason => reason.Code == VerdictCode.Failures.Text || reason.Code == VerdictCode.NothingCompleted.Text)
        && Metrics.Counts.Total - traffic.Requests > MinMissingRequests
        && traffic.Requests < MinServedShare * Metrics.Counts.Total;

    /// <summary>
    /// Whether the run was within the SLO: every limit held and the server followed the load. It is <c>null</c> without an SLO, and where
    /// the run cannot tell.
    /// </summary>
    public bool? IsWithinSlo => Metrics.Slo is null || IsVoid ? null : IsAboveCapacity ? false : Metrics.Slo.IsFeasible;

    /// <summary>Whether the run tells nothing about the server because the client was disturbed or could not drive the load.</summary>
    public bool WasClientDisturbed => IsVoid && Metrics.Reasons.Any(reason => reason.Subject == VerdictSubject.Client);

    /// <summary>Whether a longer load would have been enough for a steady window and for the meters.</summary>
    internal bool IsTooShort => !IsValid && !IsAboveCapacity && Metrics.Reasons.All(reason => LengthCodes.Contains(reason.Code));
}
