namespace GreenServe.Serving.Transport.Linux;

/// <summary>Converts the kernel's wall-clock time stamps to the monotonic clock. Only one thread may use an instance.</summary>
/// <remarks>
/// Both clocks are sampled at every return from the kernel. Slewing of at most 500 ppm moves the offset by less than 1 µs between two
/// samples 2 ms apart. When the wall clock steps, time stamps are refused until two samples in a row agree again. Both clocks are the
/// kernel's own, since its time stamps are.
/// </remarks>
internal sealed class WallClockOffset
{
    private const long NanosecondsPerTick = 100;
    private const long WidestBracket = 5_000;
    private const long LargestChange = 1_000_000;
    private long offset;
    private bool hasSample;

    /// <summary>Whether time stamps can be converted now.</summary>
    internal bool IsTrusted { get; private set; }

    /// <summary>Reads both clocks and updates the offset between them.</summary>
    /// <returns>The monotonic time.</returns>
    internal long Sample()
    {
        long before = TimeProvider.System.GetTimestamp();
        long wall = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;
        long after = TimeProvider.System.GetTimestamp();
        Take(before, wall, after);
        return after;
    }

    /// <summary>Takes one pair of readings of the clocks, all in nanoseconds.</summary>
    internal void Take(long before, long wall, long after)
    {
        // The thread was suspended between its two readings of the clock, so they say nothing about the offset.
        if (after - before > WidestBracket)
        {
            return;
        }

        long fresh = before + ((after - before) / 2) - wall;
        IsTrusted = hasSample && Math.Abs(fresh - offset) < LargestChange;
        offset = fresh;
        hasSample = true;
    }

    /// <summary>The monotonic time of a wall-clock time stamp (ns), at most <paramref name="now"/>.</summary>
    internal long ToMonotonic(long wallNanoseconds, long now) => Math.Min(now, wallNanoseconds + offset);
}
