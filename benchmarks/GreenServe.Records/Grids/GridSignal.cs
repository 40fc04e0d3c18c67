namespace GreenServe.Records.Grids;

/// <summary>
/// Carbon intensity, price and allowed power of an electric grid over time. The values of a point hold until the next point.
/// </summary>
public sealed class GridSignal
{
    /// <summary>Makes a signal.</summary>
    /// <param name="points">Its points in the order of time. The first is at 0 s.</param>
    /// <param name="periodSeconds">
    /// Time after which the signal repeats, in seconds, later than the last point; <c>null</c> for a signal whose last values hold for
    /// ever.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no point, the first is not at 0 s, the times do not rise, or the signal repeats before its last point.
    /// </exception>
    public GridSignal(IReadOnlyList<GridPoint> points, double? periodSeconds = null)
    {
        if (points.Count == 0 || points[0].AtSeconds != 0
            || points.Zip(points.Skip(1)).Any(pair => pair.First.AtSeconds >= pair.Second.AtSeconds)
            || points[^1].AtSeconds >= periodSeconds)
        {
            throw new ArgumentException("A grid signal needs points from 0 s on whose times rise within its period.", nameof(points));
        }

        Points = points;
        PeriodSeconds = periodSeconds;
    }

    /// <summary>The points of one period in the order of time.</summary>
    public IReadOnlyList<GridPoint> Points { get; }

    /// <summary>Time after which the signal repeats, in seconds; <c>null</c> for a signal whose last values hold for ever.</summary>
    public double? PeriodSeconds { get; }

    /// <summary>The values at a time.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run, at least 0.</param>
    public GridPoint At(double seconds) => Points[IndexAt(seconds - PeriodStartSeconds(seconds))];

    /// <summary>The signal of a run that begins later. What came before is left out, or comes at the end of the period.</summary>
    /// <param name="seconds">The time at which the run begins, in seconds from the start of this signal, at least 0.</param>
    public GridSignal StartingAt(double seconds)
    {
        double start = seconds - PeriodStartSeconds(seconds);
        int first = IndexAt(start);
        IEnumerable<GridPoint> later = Points.Skip(first + 1).Select(point => point with { AtSeconds = point.AtSeconds - start });
        IEnumerable<GridPoint> earlier = PeriodSeconds is { } period
            ? Points.Take(first + 1).Select(point => point with { AtSeconds = point.AtSeconds - start + period })
            : [];
        GridPoint[] points = [Points[first] with { AtSeconds = 0 }, .. later, .. earlier.Where(point => point.AtSeconds < PeriodSeconds)];
        return new GridSignal(points, PeriodSeconds);
    }

    /// <summary>The stretches of a length of time within each of which the signal has the same values, in the order of time.</summary>
    /// <param name="fromSeconds">
    /// Beginning of the first stretch, in seconds from the start of this signal. Before the start of a signal that does not repeat, the
    /// values of its first point count.
    /// </param>
    /// <param name="toSeconds">End of the last stretch, in seconds from the start of this signal, later than its beginning.</param>
    public IEnumerable<GridStretch> Between(double fromSeconds, double toSeconds)
    {
        double period = PeriodStartSeconds(fromSeconds);
        int index = IndexAt(fromSeconds - period);
        for (double from = fromSeconds; from < toSeconds;)
        {
            bool isLast = index + 1 == Points.Count;
            double change = period + (isLast ? PeriodSeconds ?? double.PositiveInfinity : Points[index + 1].AtSeconds);
            double to = Math.Min(change, toSeconds);
            if (to > from)
            {
                yield return new GridStretch(from, to, Points[index]);
                from = to;
            }

            (index, period) = isLast ? (0, period + (PeriodSeconds ?? 0)) : (index + 1, period);
        }
    }

    private double PeriodStartSeconds(double seconds) => PeriodSeconds is { } period ? Math.Floor(seconds / period) * period : 0;

    private int IndexAt(double seconds)
    {
        int low = 0;
        int high = Points.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = Points[middle].AtSeconds <= seconds ? (middle, high) : (low, middle - 1);
        }

        return low;
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

/// <summary>A stretch of time within which a grid has the same values.</summary>
/// <param name="FromSeconds">Its beginning, in seconds from the start of the signal.</param>
/// <param name="ToSeconds">Its end, in seconds from the start of the signal.</param>
/// <param name="Values">The values; the time of the point is that of the signal's row.</param>
public readonly record struct GridStretch(double FromSeconds, double ToSeconds, GridPoint Values);
