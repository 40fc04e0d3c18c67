namespace GreenServe.Metering.IdlePower;

/// <summary>Decides whether a device has settled: neither its power nor its temperature moves any more. Pure.</summary>
/// <remarks>An H200 draws about 120 W right after a load and 78 W once cool, so a baseline taken too early is half too high.</remarks>
/// <param name="options">When it counts as settled.</param>
internal sealed class CoolDown(BaselineOptions options)
{
    private readonly List<(double Seconds, double Watts, double? Celsius)> points = [];

    /// <summary>Change of power over the settling window by a straight line (W); <c>null</c> until the window is full.</summary>
    internal double? DriftWatts { get; private set; }

    /// <summary>Takes a point: total power, and the highest temperature where known.</summary>
    /// <returns>Whether it has settled.</returns>
    internal bool Take(double seconds, double watts, double? celsius)
    {
        points.Add((seconds, watts, celsius));
        points.RemoveAll(point => point.Seconds < seconds - options.SettlingSeconds);
        bool isFull = seconds - points[0].Seconds >= 0.9 * options.SettlingSeconds && points.Count >= 5;
        if (!isFull)
        {
            return false;
        }

        DriftWatts = Slope(point => point.Watts) * options.SettlingSeconds;
        double? driftCelsius = points.TrueForAll(point => point.Celsius is not null) ? Slope(point => point.Celsius!.Value) * options.SettlingSeconds : null;
        double allowed = Math.Max(options.SettledWatts, options.SettledRatio * points.Average(point => point.Watts));
        return Math.Abs(DriftWatts.Value) <= allowed && Math.Abs(driftCelsius ?? 0) <= options.SettledCelsius;
    }

    private double Slope(Func<(double Seconds, double Watts, double? Celsius), double> value)
    {
        double meanTime = points.Average(point => point.Seconds);
        double meanValue = points.Average(value);
        double spread = points.Sum(point => (point.Seconds - meanTime) * (point.Seconds - meanTime));
        return points.Sum(point => (point.Seconds - meanTime) * (value(point) - meanValue)) / spread;
    }
}
