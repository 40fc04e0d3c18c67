namespace GreenServe.Records.Runs;

/// <summary>The monotonic clock of a run. Every time in a record is an offset on it. Thread-safe.</summary>
public sealed class RunClock
{
    private RunClock(TimeProvider provider)
    {
        Provider = provider;
        StartTimestamp = provider.GetTimestamp();
        StartedAt = provider.GetUtcNow();
    }

    /// <summary>Source of the time; on Linux it is <c>CLOCK_MONOTONIC</c>, which all processes of a host share.</summary>
    public TimeProvider Provider { get; }

    /// <summary>Timestamp of <see cref="Provider"/> at the start of the run.</summary>
    public long StartTimestamp { get; }

    /// <summary>Wall-clock time at the start of the run.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Present time in seconds from the start of the run.</summary>
    public double Seconds => SecondsAt(Provider.GetTimestamp());

    /// <summary>Starts a clock: the start of the run is now.</summary>
    public static RunClock Start(TimeProvider provider) => new(provider);

    /// <summary>Seconds from the start to a timestamp of <see cref="Provider"/>; negative before the start.</summary>
    public double SecondsAt(long timestamp) => (timestamp - StartTimestamp) / (double)Provider.TimestampFrequency;

    /// <summary>The timestamp of <see cref="Provider"/> that lies this many seconds after the start.</summary>
    public long TimestampAt(double seconds) => StartTimestamp + (long)Math.Round(seconds * Provider.TimestampFrequency);
}
