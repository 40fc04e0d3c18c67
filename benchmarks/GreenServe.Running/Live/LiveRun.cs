namespace GreenServe.Running.Live;

/// <summary>What a command that runs points shows of itself while it goes on. Any number of views may look at it.</summary>
/// <remarks>The type is thread-safe.</remarks>
public sealed class LiveRun
{
    private LiveSnapshot latest = new() { Title = "", Phase = LivePhase.Preparing, ElapsedSeconds = 0 };

    /// <summary>The latest snapshot. It is renewed about twice a second while points run.</summary>
    public LiveSnapshot Latest => Volatile.Read(ref latest);

    /// <summary>Changes the snapshot, for whatever a view should show.</summary>
    public void Update(Func<LiveSnapshot, LiveSnapshot> change)
    {
        LiveSnapshot seen;
        do
        {
            seen = Latest;
        }
        while (Interlocked.CompareExchange(ref latest, change(seen), seen) != seen);
    }
}
