using System.Collections.Immutable;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;

namespace GreenServe.Running.Live;

/// <summary>What a command that runs points shows of itself while it goes on. Any number of views may look at it.</summary>
/// <remarks>The type is thread-safe.</remarks>
/// <param name="clock">Measures the time since the command began; <c>null</c> for the clock of this host.</param>
public sealed class LiveRun(TimeProvider? clock = null)
{
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly long begunTimestamp = (clock ?? TimeProvider.System).GetTimestamp();
    private LiveSnapshot latest = new() { Title = "", Phase = LivePhase.Preparing, ElapsedSeconds = 0 };

    /// <summary>Whether anything looks. Where nothing does, loads and meters are not sampled for it.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool IsWatched { get; init; }

    /// <summary>
    /// Called when a measured load begins. What it returns is then called for each request that has ended, on the thread that records them:
    /// it must neither throw nor wait, and the request is its own only during the call.
    /// </summary>
    /// <value><c>null</c>: nobody counts requests one by one.</value>
    public Func<LiveTarget, Action<RequestTrace>>? Counting { get; set; }

    /// <summary>Computes what a view shows of the record of a simulated point, which nobody looks at while it is made.</summary>
    /// <value><c>null</c>: no view shows it.</value>
    public Func<RunRecord, LivePointResult?>? Summarizing { get; set; }

    /// <summary>
    /// The latest snapshot, with the times of this moment. Its numbers are renewed about twice a second while a load runs.
    /// </summary>
    public LiveSnapshot Latest
    {
        get
        {
            LiveSnapshot seen = Volatile.Read(ref latest);
            return seen.Phase == LivePhase.Ended ? seen : seen.At(ElapsedSeconds);
        }
    }

    private double ElapsedSeconds => clock.GetElapsedTime(begunTimestamp).TotalSeconds;

    /// <summary>Changes the snapshot, for whatever a view should show.</summary>
    public void Update(Func<LiveSnapshot, LiveSnapshot> change)
    {
        LiveSnapshot seen;
        LiveSnapshot found;
        do
        {
            seen = Volatile.Read(ref latest);
            found = Interlocked.CompareExchange(ref latest, change(seen.At(ElapsedSeconds)), seen);
        }
        while (!ReferenceEquals(found, seen)); // Equal snapshots of two threads are not the same one.
    }

    /// <summary>Says what the command does from now on. What it waited for before is forgotten.</summary>
    /// <param name="phase">The phase that begins.</param>
    /// <param name="activity">What the command waits for, in a sentence; <c>null</c> if there is nothing to say.</param>
    public void Enter(LivePhase phase, string? activity = null) => Update(seen => seen with { Phase = phase, Activity = activity });

    /// <summary>States how many points will have run when the command ends.</summary>
    public void Plan(int points) => Update(seen => seen with { PointsPlanned = points });

    /// <summary>Says what is being waited for.</summary>
    public void Say(string activity) => Update(seen => seen with { Activity = activity });

    /// <summary>Says that a search for a setting begins. Its simulations are shown by <see cref="Show(LiveTrial, LiveTrial)"/>.</summary>
    /// <param name="objective">What is to be least, in words, for example <c>energy of an output token</c>.</param>
    /// <param name="unit">Unit of the objective, for example <c>J/token</c>.</param>
    /// <param name="maxSimulations">Number of simulations that the search may use, at most.</param>
    public void BeginSearch(string objective, string unit, int maxSimulations) => Update(seen => seen with
    {
        Phase = LivePhase.Simulating,
        Evidence = EvidenceKind.Simulated,
        PointsBeganSeconds = seen.ElapsedSeconds,
        Search = new LiveSearch { Objective = objective, Unit = unit, MaxSimulations = maxSimulations },
    });

    /// <summary>
    /// Shows a simulation of the search that has ended. The time that is left is that of every simulation that the search may still use.
    /// </summary>
    /// <param name="trial">The simulation.</param>
    /// <param name="best">The best simulation so far.</param>
    /// <exception cref="InvalidOperationException">No search has begun.</exception>
    public void Show(LiveTrial trial, LiveTrial best) => Update(seen =>
    {
        LiveSearch search = (seen.Search ?? throw new InvalidOperationException("No search has begun.")).With(trial, best);
        double elapsed = seen.ElapsedSeconds - (seen.PointsBeganSeconds ?? 0);
        int left = Math.Max(0, search.MaxSimulations - search.Trials.Count);
        return seen with { Search = search, RemainingSeconds = left * elapsed / search.Trials.Count };
    });

    /// <summary>Says that a point begins.</summary>
    /// <param name="point">Name of the point; <c>null</c> where several may run at the same time.</param>
    /// <param name="isSimulated">Whether it is simulated in virtual time.</param>
    internal void BeginPoint(string? point, bool isSimulated) => Update(seen => Between(seen) with
    {
        Point = point,
        Phase = isSimulated ? LivePhase.Simulating : LivePhase.Preparing,
        Evidence = isSimulated ? EvidenceKind.Simulated : seen.Evidence,
        PointsBeganSeconds = seen.PointsBeganSeconds ?? seen.ElapsedSeconds,
        PointBeganSeconds = seen.ElapsedSeconds,
    });

    /// <summary>Says that a point has ended.</summary>
    internal void EndPoint(LivePointResult result) => Update(seen =>
    {
        LiveSnapshot ended = Between(seen) with
        {
            Ended = (seen.Ended as ImmutableList<LivePointResult> ?? [.. seen.Ended]).Add(result with
            {
                JoulesPerOutputToken = result.JoulesPerOutputToken ?? seen.PointJoulesPerToken,
                OutputTokensPerSecond = result.OutputTokensPerSecond ?? seen.PointTokensPerSecond,
            }),
            PointBeganSeconds = seen.ElapsedSeconds,
        };
        double elapsed = ended.ElapsedSeconds - (ended.PointsBeganSeconds ?? 0);
        return ended with { RemainingSeconds = (ended.PointsPlanned - ended.Ended.Count) * elapsed / ended.Ended.Count };
    });

    /// <summary>Shows what a load is doing while no meter is read.</summary>
    /// <param name="load">What its generator tells.</param>
    public void Show(LoadProgress load) => Show(load, meters: null);

    /// <summary>Shows what a load is doing.</summary>
    /// <param name="load">What its generator tells.</param>
    /// <param name="meters">The meters that are read meanwhile; <c>null</c> for none.</param>
    internal void Show(LoadProgress load, LiveMeters? meters)
    {
        double? joules = meters?.HeadlineJoules(load.OriginSeconds, load.ElapsedSeconds);
        double? watts = meters?.HeadlineWatts(load.OriginSeconds, load.ElapsedSeconds);
        IReadOnlyList<LiveMeter> latest = meters?.Latest() ?? [];
        Update(seen => seen with
        {
            Phase = load.Stage switch
            {
                LoadStage.WarmingUp => LivePhase.WarmingUp,
                LoadStage.Measuring => LivePhase.Measuring,
                _ => LivePhase.Draining,
            },
            Activity = null,
            Load = LiveLoad.Of(load, joules, watts),
            Meters = latest,
            Reasons = load.Reasons,
            RemainingSeconds = seen.RemainingWith(load.RemainingSeconds),
        });
    }

    /// <summary>Notes the result of the point that runs, for when it has ended.</summary>
    /// <param name="joulesPerToken">Energy divided by output tokens (J); <c>null</c> where it is not known.</param>
    /// <param name="tokensPerSecond">Output tokens per second; <c>null</c> where it is not known.</param>
    internal void NoteResult(double? joulesPerToken, double? tokensPerSecond) =>
        Update(seen => seen with { PointJoulesPerToken = joulesPerToken, PointTokensPerSecond = tokensPerSecond });

    /// <summary>A snapshot while no point runs.</summary>
    private static LiveSnapshot Between(LiveSnapshot seen) => seen with
    {
        Point = null,
        Phase = seen.Phase == LivePhase.Simulating ? seen.Phase : LivePhase.Preparing,
        Activity = null,
        Load = null,
        Meters = [],
        Reasons = [],
        PointJoulesPerToken = null,
        PointTokensPerSecond = null,
    };
}
