using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Grids;

/// <summary>A metric in each valid run of a row, with the seed of the run, in one cell: <c>1:5.23 2:5.53</c>.</summary>
/// <remarks>
/// Runs of one seed served the same requests in every setting (common random numbers). The difference of two settings in such pairs
/// spreads far less than the runs of either.
/// </remarks>
internal sealed class SeedValues
{
    private const char Between = ':';

    private SeedValues(MetricColumn metric) =>
        (Metric, Column) = (metric, new TextColumn($"{metric.Metric.Name}_by_seed"));

    /// <summary>Energy of a request in each run.</summary>
    public static SeedValues JoulesPerRequest { get; } = new(MetricColumns.JoulesPerRequest);

    /// <summary>Energy of an output token in each run.</summary>
    public static SeedValues JoulesPerOutputToken { get; } = new(MetricColumns.JoulesPerOutputToken);

    /// <summary>Largest latency over its limit in each run.</summary>
    public static SeedValues SloWorstRatio { get; } = new(MetricColumns.SloWorstRatio);

    /// <summary>All of them, in the order of the table.</summary>
    public static IReadOnlyList<SeedValues> All { get; } = [JoulesPerRequest, JoulesPerOutputToken, SloWorstRatio];

    /// <summary>The metric.</summary>
    public MetricColumn Metric { get; }

    /// <summary>The column of the cells.</summary>
    public TextColumn Column { get; }

    /// <summary>The cell of some runs; <c>null</c> where none has a number. Runs of one seed are averaged.</summary>
    internal string? TextOf(IEnumerable<RunMetrics> runs)
    {
        string text = string.Join(' ', runs
            .Select(run => (run.Manifest.Seed, Metric.Metric.Read(run).Value))
            .Where(one => one.Value is not null)
            .GroupBy(one => one.Seed, one => one.Value!.Value)
            .OrderBy(seed => seed.Key)
            .Select(seed => string.Create(CultureInfo.InvariantCulture, $"{seed.Key}{Between}{NumberText.Exact(seed.Average())}")));
        return text.Length > 0 ? text : null;
    }

    /// <summary>The value of each seed in a row. Parts of a cell that cannot be read are left out.</summary>
    internal IReadOnlyDictionary<ulong, double> Of(TableRow row)
    {
        Dictionary<ulong, double> values = [];
        foreach (string part in (row[Column] ?? "").Split(' '))
        {
            string[] sides = part.Split(Between);
            if (sides.Length == 2
                && ulong.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
                && double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && double.IsFinite(value))
            {
                values[seed] = value;
            }
        }

        return values;
    }

    /// <summary>
    /// The probability of each row to have the least mean, in [0, 1]; <c>null</c> where a row ran once. Rows are compared in pairs of equal
    /// seeds, or independently where fewer than two seeds are common to all.
    /// </summary>
    /// <param name="rows">The rows, each with a mean; at least one.</param>
    internal IReadOnlyList<double>? ProbabilitiesOfLeast(IReadOnlyList<TableRow> rows)
    {
        IReadOnlyDictionary<ulong, double>[] values = [.. rows.Select(Of)];
        ulong[] seeds = [.. values.Select(row => row.Keys).Aggregate((common, own) => common.Intersect(own)).Order()];
        return seeds.Length < 2
            ? ProbabilityOfMinimum.Of([.. rows.Select(Metric.MeanOf)])
            : ProbabilityOfMinimum.OfPairs([.. values.Select(row => seeds.Select(seed => row[seed]).ToArray())]);
    }

    /// <summary>
    /// The mean of a row over that of another one, with its 95 % interval between runs; <c>null</c> where one of them has no mean above 0.
    /// Where fewer than two seeds are common to both, there is no interval.
    /// </summary>
    /// <remarks>
    /// The interval is Student's t of the paired relative differences: of each run's value over its row's mean, less the same of the other
    /// row. Where runs of equal seeds differ by one factor, it has no width.
    /// </remarks>
    internal MeanInterval? RatioOf(TableRow row, TableRow other)
    {
        if (!(row[Metric.Mean] > 0) || !(other[Metric.Mean] > 0))
        {
            return null;
        }

        double ratio = row[Metric.Mean]!.Value / other[Metric.Mean]!.Value;
        (IReadOnlyDictionary<ulong, double> own, IReadOnlyDictionary<ulong, double> others) = (Of(row), Of(other));
        ulong[] seeds = [.. own.Keys.Intersect(others.Keys)];
        if (seeds.Length < 2)
        {
            return new MeanInterval(1, ratio, null, null);
        }

        (double mean, double otherMean) = (seeds.Average(seed => own[seed]), seeds.Average(seed => others[seed]));
        double half = ratio * MeanInterval
            .Of([.. seeds.Select(seed => (own[seed] / mean) - (others[seed] / otherMean))])!.HalfWidth!.Value;
        return new MeanInterval(seeds.Length, ratio, ratio - half, ratio + half);
    }
}
