namespace GreenServe.Metering.IdlePower;

/// <summary>Decides whether a device has settled: neither its power nor its temperature moves any more. Holds no clock.</summary>
/// <remarks>An H200 draws about 120 W right after a load and 78 W once cool, so a baseline taken too early is half too high.</remarks>
/// <param name="options">The settling time and what counts as still.</param>
internal sealed class CoolDown(BaselineOptions options)
{
    /// <summary>Looks at the device in one settling time. Ten leave twice as many points as a line needs to be believed.</summary>
    private const double LooksPerSettlingTime = 10;

    /// <summary>A look each half second is often enough for any settling time: boards cool over tens of seconds.</summary>
    private const double LongestLookSeconds = 0.5;

    /// <summary>
    /// A window of points is full at this share of the settling time. The points are at most a tenth of it apart, so the oldest
    /// point that is kept is never older than the settling time, and seldom exactly as old.
    /// </summary>
    private const double FullWindowRatio = 0.9;

    /// <summary>Fewer points than this give a slope that one odd reading can turn.</summary>
    private const int FewestPoints = 5;

    private readonly List<Point> points = [];
    private bool hasSettled;

    /// <summary>The time between two looks at the device (s).</summary>
    internal double LookSeconds => Math.Min(LongestLookSeconds, options.SettlingSeconds / LooksPerSettlingTime);

    /// <summary>The change of power over the settling time by a straight line (W); <c>null</c> until a settling time was seen.</summary>
    internal double? DriftWatts { get; private set; }

    /// <summary>Takes a look at the device.</summary>
    /// <param name="seconds">The time of the look (s), later than the one before.</param>
    /// <param name="watts">The power of all GPUs together (W).</param>
    /// <param name="celsius">The highest temperature (°C); <c>null</c> if no GPU shows one.</param>
    /// <returns>Whether the device has settled.</returns>
    internal bool Take(double seconds, double watts, double? celsius)
    {
        points.Add(new Point(seconds, watts, celsius));
        points.RemoveAll(point => point.Seconds < seconds - options.SettlingSeconds);
        bool isFull = seconds - points[0].Seconds >= FullWindowRatio * options.SettlingSeconds && points.Count >= FewestPoints;
        if (!isFull)
        {
            return false;
        }

        double driftWatts = Drift(point => point.Watts);
        double? driftCelsius = points.TrueForAll(point => point.Celsius is not null) ? Drift(point => point.Celsius!.Value) : null;
        double allowedWatts = Math.Max(options.SettledWatts, options.SettledRatio * points.Average(point => point.Watts));
        DriftWatts = driftWatts;
        hasSettled = Math.Abs(driftWatts) <= allowedWatts && (driftCelsius is not { } drift || Math.Abs(drift) <= options.SettledCelsius);
        return hasSettled;
    }

    /// <summary>The outcome of the readings so far.</summary>
    /// <param name="waitedSeconds">The length of the wait (s).</param>
    internal SettlingOutcome Outcome(double waitedSeconds)
    {
        if (hasSettled)
        {
            return new Settled(waitedSeconds);
        }

        if (DriftWatts is { } drift)
        {
            return new StillMoving(waitedSeconds, drift, options.SettlingSeconds);
        }

        bool isWaitTooShort = options.LongestWaitSeconds < options.SettlingSeconds;
        return isWaitTooShort ? new WaitTooShort(waitedSeconds, options.SettlingSeconds) : new PowerUnseen(waitedSeconds);
    }

    /// <summary>The slope of the least-squares line through the points, times the settling time.</summary>
    private double Drift(Func<Point, double> value)
    {
        double meanTime = points.Average(point => point.Seconds);
        double meanValue = points.Average(value);
        double spread = points.Sum(point => (point.Seconds - meanTime) * (point.Seconds - meanTime));
        double slope = points.Sum(point => (point.Seconds - meanTime) * (value(point) - meanValue)) / spread;
        return slope * options.SettlingSeconds;
    }

    private readonly record struct Point(double Seconds, double Watts, double? Celsius);
}
