using System.Collections.Immutable;

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
        do
        {
            seen = Volatile.Read(ref latest);
        }
        while (Interlocked.CompareExchange(ref latest, change(seen.At(ElapsedSeconds)), seen) != seen);
    }

    /// <summary>Says what the command does from now on. What it waited for before is forgotten.</summary>
    /// <param name="phase">The phase that begins.</param>
    /// <param name="activity">What the command waits for, in a sentence; <c>null</c> if there is nothing to say.</param>
    public void Enter(LivePhase phase, string? activity = null) => Update(seen => seen with { Phase = phase, Activity = activity });

    /// <summary>States how many points will have run when the command ends.</summary>
    public void Plan(int points) => Update(seen => seen with { PointsPlanned = points });

    /// <summary>Says that a point begins. Points that run at the same time have no name of their own in the snapshot.</summary>
    /// <param name="point">Name of the point; <c>null</c> where several may run at the same time.</param>
    internal void BeginPoint(string? point) => Update(seen => seen with
    {
        Point = point,
        Phase = point is null ? LivePhase.Simulating : LivePhase.Preparing,
        Activity = null,
        Load = null,
        Reasons = [],
    });

    /// <summary>Says that a point has ended.</summary>
    internal void EndPoint(LivePointResult result) => Update(seen => seen with
    {
        Point = null,
        Phase = seen.Point is null ? seen.Phase : LivePhase.Preparing,
        Activity = null,
        Load = null,
        Meters = [],
        Reasons = [],
        Ended = (seen.Ended as ImmutableList<LivePointResult> ?? [.. seen.Ended]).Add(result),
    });
}
