namespace GreenServe.Serving.Transport.Linux;

/// <summary>Converts the kernel's wall-clock stamps to the monotonic clock. Belongs to one thread.</summary>
/// <remarks>
/// Sampled at every return from the kernel; slewing of at most 500 ppm moves the offset by under 1 µs between two samples 2 ms apart.
/// If the wall clock steps, stamps are refused until the next sample that agrees with the one before.
/// </remarks>
internal sealed class WallClockOffset
{
    private const long NanosecondsPerTick = 100;
    private const long WidestBracket = 5_000;
    private const long LargestChange = 1_000_000;
    private long offset;
    private bool hasSample;

    /// <summary>Whether stamps can be converted now.</summary>
    internal bool IsTrusted { get; private set; }

    /// <summary>Reads both clocks.</summary>
    /// <returns>The monotonic time.</returns>
    internal long Sample()
    {
        long before = TimeProvider.System.GetTimestamp();
        long wall = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;
        long after = TimeProvider.System.GetTimestamp();
        Take(before, wall, after);
        return after;
    }

    /// <summary>One pair of readings, all in nanoseconds.</summary>
    internal void Take(long before, long wall, long after)
    {
        // A thread that was suspended in between learned nothing.
        if (after - before > WidestBracket)
        {
            return;
        }

        long fresh = before + ((after - before) / 2) - wall;
        IsTrusted = hasSample && Math.Abs(fresh - offset) < LargestChange;
        offset = fresh;
        hasSample = true;
    }

    /// <summary>The monotonic time of a wall-clock stamp (ns), at most <paramref name="now"/>.</summary>
    internal long ToMonotonic(long wallNanoseconds, long now) => Math.Min(now, wallNanoseconds + offset);
}
