namespace GreenServe.Records.Runs;

/// <summary>The one monotonic clock of a run; every offset in a record is read from it. Thread-safe.</summary>
public sealed class RunClock
{
    private RunClock(TimeProvider provider)
    {
        Provider = provider;
        StartTimestamp = provider.GetTimestamp();
        StartedAt = provider.GetUtcNow();
    }

    /// <summary>Where the time comes from; on Linux <c>CLOCK_MONOTONIC</c>, which all processes of a host share.</summary>
    public TimeProvider Provider { get; }

    /// <summary>Second 0 as a timestamp of <see cref="Provider"/>.</summary>
    public long StartTimestamp { get; }

    /// <summary>Wall-clock time of second 0.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Seconds since the start, now.</summary>
    public double Seconds => SecondsAt(Provider.GetTimestamp());

    /// <summary>Starts a clock: now is second 0.</summary>
    public static RunClock Start(TimeProvider provider) => new(provider);

    /// <summary>Seconds from the start to a timestamp of <see cref="Provider"/>; negative before the start.</summary>
    public double SecondsAt(long timestamp) => (timestamp - StartTimestamp) / (double)Provider.TimestampFrequency;

    /// <summary>The timestamp of <see cref="Provider"/> that lies this many seconds after the start.</summary>
    public long TimestampAt(double seconds) => StartTimestamp + (long)Math.Round(seconds * Provider.TimestampFrequency);
}
