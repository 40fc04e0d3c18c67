namespace GreenServe.Metering;

/// <summary>How often a source wants to be read.</summary>
public sealed record SamplingNeed
{
    /// <summary>A meter: twice per refresh, as far as the cost budget allows.</summary>
    public static SamplingNeed EachRefresh { get; } = new();

    /// <summary>Clocks, temperatures and the like: once a second.</summary>
    public static SamplingNeed EachSecond { get; } = new() { FixedIntervalSeconds = 1 };

    /// <summary>A connection that delivers when it likes: read again at once, the read itself waits.</summary>
    public static SamplingNeed WhenDelivered { get; } = new() { FixedIntervalSeconds = 0 };

    /// <summary>Interval between reads (s), not adapted to the meter; <c>null</c> finds it from the refresh period.</summary>
    public double? FixedIntervalSeconds { get; init; }

    /// <summary>Longest interval that is safe (s), whatever it costs: half the shortest time in which the counter can wrap.</summary>
    public double LongestIntervalSeconds { get; init; } = double.PositiveInfinity;
}
