namespace GreenServe.Simulation.Control;

/// <summary>
/// Carbon intensity, price and allowed power of an electric grid over time. The values of a point hold until the next point.
/// </summary>
public sealed class GridSignal
{
    private readonly IReadOnlyList<GridPoint> points;

    /// <summary>Makes a signal.</summary>
    /// <param name="points">Its points in the order of time. The first is at 0 s.</param>
    /// <exception cref="ArgumentException">There is no point, or the first is not at 0 s, or the times do not rise.</exception>
    public GridSignal(IReadOnlyList<GridPoint> points)
    {
        if (points.Count == 0 || points[0].AtSeconds != 0
            || points.Zip(points.Skip(1)).Any(pair => pair.First.AtSeconds >= pair.Second.AtSeconds))
        {
            throw new ArgumentException("A grid signal needs points from 0 s on whose times rise.", nameof(points));
        }

        this.points = points;
    }

    /// <summary>The points in the order of time.</summary>
    public IReadOnlyList<GridPoint> Points => points;

    /// <summary>The values at a time. After the last point its values hold.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run, at least 0.</param>
    public GridPoint At(double seconds)
    {
        int low = 0;
        int high = points.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = points[middle].AtSeconds <= seconds ? (middle, high) : (low, middle - 1);
        }

        return points[low];
    }
}

/// <summary>The state of a grid from a time on.</summary>
/// <param name="AtSeconds">The time, in seconds from the start of the run.</param>
/// <param name="GramsPerKilowattHour">
/// Carbon intensity, in grams of CO2 equivalent per kilowatt-hour; <c>null</c> where it is not stated.
/// </param>
/// <param name="PricePerKilowattHour">Price in the currency of the file; <c>null</c> where it is not stated.</param>
/// <param name="CapShare">Share of every power budget that may be drawn, from 0 to 1.</param>
public readonly record struct GridPoint(double AtSeconds, double? GramsPerKilowattHour, double? PricePerKilowattHour, double CapShare = 1);
