using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;

namespace GreenServe.Running.Live;

/// <summary>What a command that runs points is doing at one moment. Views show it; nothing is judged by it.</summary>
/// <remarks>
/// A number that is not known yet is <c>null</c>. Latencies are of the last <see cref="LoadWindowSeconds"/>. The record of the run holds
/// the exact numbers.
/// </remarks>
public sealed record LiveSnapshot
{
    /// <summary>Length of the time that recent latencies and rates cover (s).</summary>
    public const double LoadWindowSeconds = 10;

    /// <summary>What runs, for example the name of the workload or of the experiment's file.</summary>
    public required string Title { get; init; }

    /// <summary>What the command is doing.</summary>
    public required LivePhase Phase { get; init; }

    /// <summary>What the command waits for, in a sentence; <c>null</c> if there is nothing to say.</summary>
    public string? Activity { get; init; }

    /// <summary>Whether the numbers are simulated, measured or estimated; <c>null</c> before the first server is known.</summary>
    public EvidenceKind? Evidence { get; init; }

    /// <summary>Time since the command began (s).</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Time that the command has waited for servers so far (s).</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>Estimate of the time until the command ends (s); <c>null</c> where nobody knows.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Name of the point that runs; <c>null</c> between points.</summary>
    public string? Point { get; init; }

    /// <summary>Number of points that will have run at the end; <c>null</c> where it is not known, as in a search.</summary>
    public int? PointsPlanned { get; init; }

    /// <summary>The points that have ended, in the order in which they ended.</summary>
    public IReadOnlyList<LivePointResult> Ended { get; init; } = [];

    /// <summary>The search for a setting that goes on; <c>null</c> where there is none.</summary>
    public LiveSearch? Search { get; init; }

    /// <summary>The load that runs; <c>null</c> while there is none.</summary>
    public LiveLoad? Load { get; init; }

    /// <summary>The meters that are read; empty while there are none.</summary>
    public IReadOnlyList<LiveMeter> Meters { get; init; } = [];

    /// <summary>The reasons against the point that runs, as far as they show already. The verdict may have others.</summary>
    public IReadOnlyList<VerdictReason> Reasons { get; init; } = [];

    /// <summary>When the first point began, in seconds since the command began; <c>null</c> before.</summary>
    internal double? PointsBeganSeconds { get; init; }

    /// <summary>When the point that runs began, in seconds since the command began.</summary>
    internal double PointBeganSeconds { get; init; }

    /// <summary>Output tokens per second of the point that runs, in its window; <c>null</c> until its record is complete.</summary>
    internal double? PointTokensPerSecond { get; init; }

    /// <summary>
    /// Energy divided by output tokens of the point that runs, in its window (J); <c>null</c> until its record is complete.
    /// </summary>
    internal double? PointJoulesPerToken { get; init; }

    /// <summary>
    /// Estimate of the time until the command ends (s): what remains of the point that runs, and for each further point the mean time of
    /// those that have ended. <c>null</c> where the number of points is not known.
    /// </summary>
    /// <param name="pointSeconds">What remains of the point that runs (s); <c>null</c> where nobody knows.</param>
    internal double? RemainingWith(double? pointSeconds)
    {
        int? further = PointsPlanned - Ended.Count - 1;
        if (further is null or < 0 || pointSeconds is not { } remaining)
        {
            return null;
        }

        double mean = Ended.Count > 0
            ? (PointBeganSeconds - (PointsBeganSeconds ?? 0)) / Ended.Count
            : ElapsedSeconds - PointBeganSeconds + remaining;
        return remaining + (further * mean);
    }

    /// <summary>This snapshot as it is shown later: its times go on, and its other numbers stay.</summary>
    /// <param name="elapsedSeconds">When it is shown (s since the command began).</param>
    internal LiveSnapshot At(double elapsedSeconds) => this with
    {
        ElapsedSeconds = elapsedSeconds,
        WaitedSeconds = WaitedSeconds + (Phase == LivePhase.WaitingForServer ? elapsedSeconds - ElapsedSeconds : 0),
        RemainingSeconds = RemainingSeconds is { } remaining ? Math.Max(0, remaining - (elapsedSeconds - ElapsedSeconds)) : null,
    };
}

/// <summary>What a command that runs points is doing.</summary>
public enum LivePhase
{
    /// <summary>Files are read and schedules are drawn.</summary>
    Preparing,

    /// <summary>A server is started, or is not ready yet.</summary>
    WaitingForServer,

    /// <summary>The power without load is measured.</summary>
    MeasuringBaseline,

    /// <summary>Requests are sent, and do not count yet.</summary>
    WarmingUp,

    /// <summary>Requests are sent and measured.</summary>
    Measuring,

    /// <summary>Nothing is sent any more; requests in flight come to their end.</summary>
    Draining,

    /// <summary>The record is completed and judged.</summary>
    Judging,

    /// <summary>Points are simulated in virtual time.</summary>
    Simulating,

    /// <summary>The command has ended.</summary>
    Ended,
}

/// <summary>A load at one moment.</summary>
public sealed record LiveLoad
{
    /// <summary>Time since the load began (s).</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Estimate of the time until the load ends (s); <c>null</c> where nobody knows.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Requests of the schedule.</summary>
    public required long Planned { get; init; }

    /// <summary>Requests sent so far.</summary>
    public required long Sent { get; init; }

    /// <summary>Requests that are in flight.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests that have completed so far.</summary>
    public required long Completed { get; init; }

    /// <summary>Requests that have failed so far, cancelled ones included.</summary>
    public required long Failed { get; init; }

    /// <summary>Median TTFT of the last 10 s (s); <c>null</c> without a first token in them.</summary>
    public double? TtftP50Seconds { get; init; }

    /// <summary>99th percentile of the TTFT of the last 10 s (s); <c>null</c> without a first token in them.</summary>
    public double? TtftP99Seconds { get; init; }

    /// <summary>Median TBT of the last 10 s (s); <c>null</c> without a token in them.</summary>
    public double? TbtP50Seconds { get; init; }

    /// <summary>99th percentile of the TBT of the last 10 s (s); <c>null</c> without a token in them.</summary>
    public double? TbtP99Seconds { get; init; }

    /// <summary>Output tokens per second in the last 10 s.</summary>
    public required double OutputTokensPerSecond { get; init; }

    /// <summary>Requests completed per second in the last 10 s.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Power of the headline scope over the last second (W); <c>null</c> where no meter can tell yet.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>
    /// Energy of the headline scope divided by the output tokens, both since the load began (J); <c>null</c> where either is not known.
    /// </summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>99th percentile of the client's own schedule lag so far (s); <c>null</c> before a request that counts has ended.</summary>
    public double? ScheduleLagP99Seconds { get; init; }

    /// <summary>A load as its generator tells of it, with its energy.</summary>
    /// <param name="load">What the generator tells.</param>
    /// <param name="joules">Energy of the headline scope since the load began (J); <c>null</c> where it is not known.</param>
    /// <param name="watts">Power of the headline scope over the last second (W); <c>null</c> where it is not known.</param>
    internal static LiveLoad Of(LoadProgress load, double? joules, double? watts) => new()
    {
        ElapsedSeconds = load.ElapsedSeconds,
        RemainingSeconds = load.RemainingSeconds,
        Planned = load.Planned,
        Sent = load.Sent,
        InFlight = load.InFlight,
        Completed = load.Completed,
        Failed = load.Failed,
        TtftP50Seconds = load.TtftP50Seconds,
        TtftP99Seconds = load.TtftP99Seconds,
        TbtP50Seconds = load.TbtP50Seconds,
        TbtP99Seconds = load.TbtP99Seconds,
        OutputTokensPerSecond = load.OutputTokensPerSecond,
        RequestsPerSecond = load.RequestsPerSecond,
        PowerWatts = watts,
        JoulesPerOutputToken = load.OutputTokens > 0 ? joules / load.OutputTokens : null,
        ScheduleLagP99Seconds = load.ScheduleLagP99Seconds,
    };
}

/// <summary>A meter at one moment.</summary>
/// <param name="Name">Stable name of the meter, for example <c>gpu0</c>.</param>
/// <param name="Scope">What its joules cover.</param>
/// <param name="Watts">Mean power over the last second or the last two readings (W); <c>null</c> before the second reading.</param>
public sealed record LiveMeter(string Name, MeterScope Scope, double? Watts)
{
    /// <summary>Energy since the load began (J), without the corrections that a record gets; <c>null</c> before two readings.</summary>
    public double? Joules { get; init; }
}

/// <summary>A point that has ended.</summary>
/// <param name="Point">Name of the point.</param>
/// <param name="Result">Its verdict, or why it could not run, in words.</param>
/// <param name="IsValid">Whether its run counts.</param>
public sealed record LivePointResult(string Point, string Result, bool IsValid)
{
    /// <summary>Energy divided by output tokens (J); <c>null</c> where it is not known.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Output tokens per second; <c>null</c> where it is not known.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>The values of the experiment's axes at the point, by name; empty where there is no grid.</summary>
    public IReadOnlyDictionary<string, string> Axes { get; init; } = new Dictionary<string, string>();
}
