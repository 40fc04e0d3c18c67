using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;

namespace GreenServe.Watching.Courses;

/// <summary>What a run or a watched record is doing now. A browser shows the newest state and forgets the ones before.</summary>
public sealed record LiveState
{
    /// <summary>Whether the numbers are simulated, measured or estimated; <c>null</c> before the first server is known.</summary>
    public EvidenceKind? Evidence { get; init; }

    /// <summary>What runs, for example the name of the workload.</summary>
    public required string Title { get; init; }

    /// <summary>What the command is doing.</summary>
    public required LivePhase Phase { get; init; }

    /// <summary>What the command waits for, in a sentence; <c>null</c> if there is nothing to say.</summary>
    public string? Activity { get; init; }

    /// <summary>Estimate of the time until the end (s); <c>null</c> where nobody knows.</summary>
    public double? RemainingSeconds { get; init; }

    /// <summary>Name of the point that runs; <c>null</c> between points.</summary>
    public string? Point { get; init; }

    /// <summary>Number of points that will have run at the end; <c>null</c> where it is not known.</summary>
    public int? PointsPlanned { get; init; }

    /// <summary>The search for a setting that goes on; <c>null</c> where there is none.</summary>
    public WatchedSearch? Search { get; init; }

    /// <summary>Requests of the schedule of the load that runs or ran last; <c>null</c> before it, and where it is not known.</summary>
    public long? RequestsPlanned { get; init; }

    /// <summary>Requests of that load sent so far; <c>null</c> before it, and where it is not known.</summary>
    public long? RequestsSent { get; init; }

    /// <summary>Requests of that load that have completed so far; <c>null</c> before it.</summary>
    public long? RequestsCompleted { get; init; }

    /// <summary>Requests of that load that have failed so far, cancelled ones included; <c>null</c> before it.</summary>
    public long? RequestsFailed { get; init; }

    /// <summary>The meters that are or were read, in the order in which a page shows them.</summary>
    public IReadOnlyList<WatchedMeter> Meters { get; init; } = [];

    /// <summary>The reasons against the run, as far as they show already.</summary>
    public IReadOnlyList<VerdictReason> Reasons { get; init; } = [];

    /// <summary>The verdict of the run that is shown, in words; <c>null</c> before it is judged, and for several points.</summary>
    public string? Verdict { get; init; }

    /// <summary>How the rates and latencies of a moment were taken, in a sentence.</summary>
    public required string Rule { get; init; }

    /// <summary>The newest numbers.</summary>
    public required LiveMoment Now { get; init; }
}

/// <summary>A meter that is shown.</summary>
/// <param name="Name">Stable name of the meter, for example <c>gpu0</c>.</param>
/// <param name="Scope">What its joules cover.</param>
public sealed record WatchedMeter(string Name, MeterScope Scope);

/// <summary>A search for a setting, without its simulations, which a reader gets one by one.</summary>
/// <param name="Objective">What is to be least, in words.</param>
/// <param name="Unit">Unit of the objective.</param>
/// <param name="MaxSimulations">Number of simulations that the search may use, at most.</param>
/// <param name="Simulations">Number of simulations that have ended.</param>
/// <param name="Feasible">Number of them that are candidates.</param>
/// <param name="Best">The best simulation so far; <c>null</c> before the first.</param>
public sealed record WatchedSearch(string Objective, string Unit, int MaxSimulations, int Simulations, int Feasible, LiveTrial? Best)
{
    /// <summary>What a page shows of a search beside its simulations.</summary>
    internal static WatchedSearch Of(LiveSearch search) =>
        new(search.Objective, search.Unit, search.MaxSimulations, search.Trials.Count, search.Feasible, search.Best);
}
