using GreenServe.Records.Documents;

namespace GreenServe.Records.Grids;

/// <summary>What a kilowatt-hour emits and costs, at any time: the same at all times, or a signal over wall-clock time.</summary>
public sealed class GridCourse
{
    private readonly GridSignal signal;
    private readonly DateTimeOffset start;
    private readonly GridFactors facts;

    private GridCourse(GridSignal signal, DateTimeOffset? start, GridFactors facts, bool hasPrice)
    {
        this.signal = signal;
        this.facts = facts;
        (IsConstant, HasPrice) = (start is null, hasPrice);
        this.start = start ?? default;
    }

    /// <summary>Whether the numbers are the same at all times.</summary>
    public bool IsConstant { get; }

    /// <summary>Whether prices of electricity are stated.</summary>
    public bool HasPrice { get; }

    /// <summary>Currency of the prices; <c>null</c> where there are none.</summary>
    public string? Currency => HasPrice ? facts.Currency : null;

    /// <summary>Power usage effectiveness: facility energy over IT energy.</summary>
    public double PowerUsageEffectiveness => facts.PowerUsageEffectiveness;

    /// <summary>Source and date of the numbers.</summary>
    public string Provenance => facts.Provenance;

    /// <summary>Makes a grid that does not change.</summary>
    /// <param name="factors">Its numbers.</param>
    public static GridCourse Of(GridFactors factors) => new(
        new GridSignal([new GridPoint(0, factors.GramsPerKilowattHour, factors.PricePerKilowattHour)]),
        start: null,
        factors,
        factors.PricePerKilowattHour is not null);

    /// <summary>Reads a YAML file, and the signal in the CSV file that it names.</summary>
    /// <param name="path">Path of the YAML file.</param>
    /// <exception cref="InvalidInputException">One of the files is not valid. The exception lists every problem.</exception>
    public static GridCourse Read(string path)
    {
        if (path.EndsWith(GridFile.Ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidInputException(new Problem(
                "file", "the rows of a signal alone", $"a YAML file with source, date and signal: {Path.GetFileName(path)}", path));
        }

        GridDocument document = DocumentTree.Read(path).Bind<GridDocument>();
        GridFactors facts = new()
        {
            GramsPerKilowattHour = document.GramsPerKilowattHour ?? 0,
            Source = document.Source,
            Date = document.Date,
            PowerUsageEffectiveness = document.PowerUsageEffectiveness,
            PricePerKilowattHour = document.PricePerKilowattHour,
            Currency = document.Currency,
        };
        if (document.Signal is not { } file)
        {
            return Of(facts);
        }

        string signalPath = Path.Combine(Path.GetDirectoryName(path) ?? "", file);
        GridRows rows = GridFile.Read(signalPath, allowsGaps: true);
        Problem[] problems = [.. ProblemsOf(document, rows, path, signalPath)];
        return problems.Length > 0
            ? throw new InvalidInputException(problems)
            : new GridCourse(
                new GridSignal(WithEnds(rows.Points, document), document.RepeatsEverySeconds),
                rows.Start ?? UtcTime.Parse(document.Start!)!.Value,
                facts,
                rows.Columns.Contains(GridFile.Price));
    }

    /// <summary>Means of the signal over a stretch of a run, weighted by the energy that the run used at each time.</summary>
    /// <param name="runStart">Time at which the run began; <c>null</c> where it has no time of day, as in a simulation.</param>
    /// <param name="fromSeconds">Beginning of the stretch (s from the start of the run).</param>
    /// <param name="toSeconds">End of the stretch (s from the start of the run), later than its beginning.</param>
    /// <param name="energyOf">
    /// Gives the energy between any two of some instants, which are named first, in ascending order (s from the start of the run). It is
    /// called only where the signal changes within the stretch, and gives <c>null</c> where the energy at each time is not known.
    /// </param>
    public GridMeans Over(
        DateTimeOffset? runStart, double fromSeconds, double toSeconds, Func<double[], Func<double, double, double>?> energyOf)
    {
        if (!IsConstant && runStart is null)
        {
            return GridMeans.NotKnown("the run is in virtual time, and no start on the signal of the grid was stated");
        }

        double offset = IsConstant ? 0 : (runStart!.Value - start).TotalSeconds;
        if (!IsConstant && offset + fromSeconds < 0 && signal.PeriodSeconds is null)
        {
            return GridMeans.NotKnown(
                $"the signal of the grid begins at {UtcTime.Of(start)}, after {UtcTime.Of(start.AddSeconds(offset + fromSeconds))}");
        }

        GridStretch[] parts = [.. signal.Between(offset + fromSeconds, offset + toSeconds)];
        double[] instants = [fromSeconds, .. parts.Skip(1).Select(part => part.FromSeconds - offset), toSeconds];
        return parts.Length == 1 ? MeansOf(parts, [1])
            : energyOf(instants) is { } energy
            ? MeansOf(parts, [.. parts.Select((_, index) => energy(instants[index], instants[index + 1]))])
            : GridMeans.NotKnown("the signal of the grid changes, and the energy at each time is not known");
    }

    /// <summary>
    /// The mean over time of the whole signal, which is exact for a power that does not change; the numbers themselves where they do not
    /// change.
    /// </summary>
    /// <exception cref="InvalidInputException">The signal does not state a value at every time.</exception>
    public GridFactors Mean()
    {
        if (IsConstant)
        {
            return facts;
        }

        double end = signal.PeriodSeconds ?? signal.Points[^1].AtSeconds;
        GridStretch[] parts = [.. signal.Between(0, end)];
        GridMeans means = MeansOf(parts, [.. parts.Select(part => part.ToSeconds - part.FromSeconds)]);
        string? reason = means.CarbonNotKnown ?? (HasPrice ? means.PriceNotKnown : null);
        if (reason is not null)
        {
            throw new InvalidInputException(new Problem(
                "signal", reason, "a value at every time, because the mean over all times is used"));
        }

        string until = UtcTime.Of(start.AddSeconds(end));
        return facts with
        {
            GramsPerKilowattHour = means.GramsPerKilowattHour!.Value,
            PricePerKilowattHour = means.PricePerKilowattHour,
            Date = $"{facts.Date}, mean over time from {UtcTime.Of(start)} to {until}",
        };
    }

    /// <summary>The factors of a stretch, from its means; <c>null</c> where its carbon intensity is not known.</summary>
    /// <param name="means">What <see cref="Over"/> gave.</param>
    public GridFactors? FactorsOf(GridMeans means) => means.GramsPerKilowattHour is { } grams
        ? facts with { GramsPerKilowattHour = grams, PricePerKilowattHour = means.PricePerKilowattHour }
        : null;

    private static IEnumerable<Problem> ProblemsOf(GridDocument document, GridRows rows, string path, string signalPath)
    {
        if (!rows.Columns.Contains(GridFile.Carbon))
        {
            yield return new Problem("header", $"no {GridFile.Carbon}", "a column of that name", signalPath);
        }

        if (rows.Columns.Contains(GridFile.Price) && string.IsNullOrWhiteSpace(document.Currency))
        {
            yield return new Problem("$.currency", document.Currency, "the currency of the signal's prices, for example EUR", path);
        }

        if (rows.Start is null && document.Start is null)
        {
            string allowed = $"{UtcTime.Allowed} at which the signal's 0 s lie, or a signal with the column time";
            yield return new Problem("$.start", null, allowed, path);
        }

        if (rows.Start is not null && document.Start is not null)
        {
            yield return new Problem("$.start", document.Start, "nothing: the rows of the signal have times", path);
        }

        double last = rows.Points[^1].AtSeconds;
        if (document.RepeatsEverySeconds <= last)
        {
            yield return new Problem(
                "$.repeats_every_seconds", document.RepeatsEverySeconds, $"more than the {last} s of the last row of {signalPath}", path);
        }

        if (rows.Points.Count == 1 && document is { StepSeconds: null, RepeatsEverySeconds: null })
        {
            yield return new Problem("rows", "one row", "at least two, since the last one says when the signal ends", signalPath);
        }
    }

    /// <summary>The points of a signal with a point without values wherever its rows stop telling anything.</summary>
    private static List<GridPoint> WithEnds(IReadOnlyList<GridPoint> rows, GridDocument document)
    {
        List<GridPoint> points = [];
        foreach ((int index, GridPoint row) in rows.Index())
        {
            bool isLast = index + 1 == rows.Count;
            double next = isLast ? document.RepeatsEverySeconds ?? double.PositiveInfinity : rows[index + 1].AtSeconds;
            bool isEnd = double.IsPositiveInfinity(next) && document.StepSeconds is null;
            points.Add(isEnd ? Unknown(row.AtSeconds) : row);
            if (document.StepSeconds is { } step && row.AtSeconds + step < next)
            {
                points.Add(Unknown(row.AtSeconds + step));
            }
        }

        return points;
    }

    private static GridPoint Unknown(double seconds) => new(seconds, null, null);

    private GridMeans MeansOf(GridStretch[] parts, double[] weights)
    {
        (double? grams, string? noCarbon) = MeanOf(parts, weights, point => point.GramsPerKilowattHour, "carbon intensity");
        (double? price, string? noPrice) = HasPrice
            ? MeanOf(parts, weights, point => point.PricePerKilowattHour, "price")
            : (null, "no price of electricity was stated");
        return new GridMeans(grams, noCarbon, price, noPrice);
    }

    private (double? Mean, string? NotKnown) MeanOf(
        GridStretch[] parts, double[] weights, Func<GridPoint, double?> read, string quantity)
    {
        double?[] values = [.. parts.Select(part => read(part.Values))];
        int gap = Array.FindIndex(values, value => value is null);
        if (gap >= 0)
        {
            GridStretch part = parts[gap];
            bool isEnd = signal.PeriodSeconds is null && part.Values == signal.Points[^1];
            string from = UtcTime.Of(start.AddSeconds(signal.PeriodSeconds is null ? part.Values.AtSeconds : part.FromSeconds));
            return (null, isEnd ? $"the signal of the grid ends at {from}" : $"the signal of the grid states no {quantity} from {from} on");
        }

        // Equal values have exactly their value as their mean, and energy of 0 J has no weights.
        double sum = weights.Sum();
        return values.Distinct().Count() == 1 ? (values[0], null)
            : sum == 0 ? (values.Average(), null)
            : (values.Zip(weights, (value, weight) => value!.Value * weight).Sum() / sum, null);
    }
}

/// <summary>What a kilowatt-hour of a stretch of a run emitted and cost, as means weighted by energy.</summary>
/// <param name="GramsPerKilowattHour">Carbon intensity (gCO2e/kWh); <c>null</c> where it is not known.</param>
/// <param name="CarbonNotKnown">Why the intensity is not known; <c>null</c> exactly where it is.</param>
/// <param name="PricePerKilowattHour">Price of a kilowatt-hour; <c>null</c> where it is not known.</param>
/// <param name="PriceNotKnown">Why the price is not known; <c>null</c> exactly where it is.</param>
public sealed record GridMeans(
    double? GramsPerKilowattHour, string? CarbonNotKnown, double? PricePerKilowattHour, string? PriceNotKnown)
{
    internal static GridMeans NotKnown(string reason) => new(null, reason, null, reason);
}
