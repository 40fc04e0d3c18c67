using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Makes panels from a table: one column along x, metrics along y, one series for each combination of the other axes.</summary>
internal sealed class PanelBuilder
{
    /// <summary>What the second, dashed or open, metric of a panel is called.</summary>
    internal const string Extreme = "p99 or peak";

    // Ratios beyond this hide the small values on an even scale.
    private const double LogarithmFrom = 20;

    // More tick labels than this would touch in half the width of a figure.
    private const int MaxTicks = 8;

    // More numbers over bars than this would touch.
    private const int MaxValues = 14;
    private static readonly string[] Identities = ["evidence", "model", "precision", "workload", "system", "engine"];
    private readonly ResultTable table;
    private readonly string x;
    private readonly IReadOnlyList<SeriesKey> keys;

    /// <param name="table">The main table.</param>
    /// <param name="x">Column along x.</param>
    /// <param name="axes">Every axis of the experiment; those other than x split the series, as do identities that differ.</param>
    internal PanelBuilder(ResultTable table, string x, IEnumerable<string> axes)
    {
        this.table = table;
        this.x = x;

        // A grid over GPUs names them already; the system would only say it again.
        string[] identities = [.. Identities.Where(column => column != "system" || !axes.Contains("gpu"))];
        // An experiment may vary more than its artifact asks for; what it varies is never averaged over.
        string[] others = [.. table.Columns.Select(column => column.Name).Where(column => AxisCatalog.IsAxis(column) && column is not ("gpu" or "workload"))];
        string[] splitting = [.. axes.Concat(others).Concat(identities).Distinct().Where(column => column != x && Values(table, column) > 1)];
        keys = SeriesKey.All(table, splitting);
    }

    /// <summary>The series found, in their order.</summary>
    internal IReadOnlyList<SeriesKey> Keys => keys;

    /// <summary>A panel with one or two metrics: the second is dashed with open markers.</summary>
    internal LinePanel Lines(string title, string typical, string? extreme = null, bool fromZero = true, params ReferenceLine[] references)
    {
        string[] metrics = extreme is null ? [typical] : [typical, extreme];
        double[] values = [.. metrics.SelectMany(metric => Rows().Select(row => table.Number(row, metric))).OfType<double>()];
        (double factor, string unit) = AxisCatalog.Display(MetricCatalog.Of(typical), values);
        return new LinePanel
        {
            Title = extreme is null ? title : $"{title}: {Statistic(typical)} and {Statistic(extreme)}",
            X = XAxis(),
            Y = YAxis(AxisCatalog.Label(MetricCatalog.Of(typical), unit), values, fromZero),
            Series = [.. metrics.Index().SelectMany(metric => keys.Select(key => new Series(
                SeriesName(key, metric.Index > 0, metrics.Length > 1),
                key.Style with { IsDashed = metric.Index > 0, IsOpen = metric.Index > 0 },
                Points(key, metric.Item, factor),
                IsListed: metric.Index == 0 || keys.Count == 1)).Where(series => series.Points.Count > 0))],
            References = references,
        };
    }

    /// <summary>Bars of one metric, grouped at the names along x.</summary>
    internal BarPanel Bars(string title, string metric)
    {
        double[] values = [.. Rows().Select(row => table.Number(row, metric)).OfType<double>()];
        (double factor, string unit) = AxisCatalog.Display(MetricCatalog.Of(metric), values);
        return new BarPanel
        {
            Title = title,
            X = XAxis(),
            Y = new FigureAxis { Label = AxisCatalog.Label(MetricCatalog.Of(metric), unit), FromZero = true },
            HasValues = keys.Count * table.Distinct(x).Count <= MaxValues,
            Series = [.. keys.Index().Select(pair => new Series(pair.Item.Name, pair.Item.Style with { Color = Palette.Of(pair.Index) }, Points(pair.Item, metric, factor))).Where(series => series.Points.Count > 0)],
        };
    }

    /// <summary>The parts of a token's energy standing on each other at the places along x, for one combination of the other axes.</summary>
    internal BarPanel TokenEnergyParts(string title, SeriesKey key)
    {
        int[] rows = [.. Rows().Where(row => key.Matches(table, row)).OrderBy(row => table.Number(row, x) ?? 0)];
        ILookup<string, FigurePoint> points = rows.Index()
            .SelectMany(place => TokenEnergy.Parts(table, place.Item).Select(part => (part.Name, Point: new FigurePoint(place.Index, part.To, Base: part.From))))
            .ToLookup(part => part.Name, part => part.Point);
        Series[] series = [.. TokenEnergy.Names.Where(points.Contains).Select(name => new Series(name, new SeriesStyle(PhaseColors.Of(name)), [.. points[name]]))];
        return new BarPanel
        {
            Title = key.Name.Length > 0 ? $"{title}, {key.Name}" : title,
            X = new FigureAxis { Label = AxisCatalog.Label(x), Scale = AxisScale.Category, Categories = [.. rows.Select(row => table.Text(row, x) ?? "none")] },
            Y = new FigureAxis { Label = AxisCatalog.Label(MetricCatalog.Of(TokenEnergy.Metric), "J"), FromZero = true },
            Series = series,
            IsStacked = true,
            HasValues = false,
        };
    }

    /// <summary>A panel of one metric against another, points joined in the order of x.</summary>
    internal LinePanel Against(string title, string horizontal, string vertical) => new()
    {
        Title = title,
        X = new FigureAxis { Label = $"{MetricCatalog.Of(horizontal).Title} ({MetricCatalog.Of(horizontal).Unit})", Scale = AxisScale.Log10 },
        Y = new FigureAxis { Label = $"{MetricCatalog.Of(vertical).Title} ({MetricCatalog.Of(vertical).Unit})", Scale = AxisScale.Log10 },
        Series = [.. keys.Select(key => new Series(key.Name, key.Style,
            [.. Rows().Where(row => key.Matches(table, row))
                .Select(row => (At: table.Number(row, x), X: table.Number(row, horizontal), Y: table.Number(row, vertical), Row: row))
                .Where(point => point is { X: not null, Y: not null })
                .OrderBy(point => point.At)
                .Select(point => new FigurePoint(
                    point.X!.Value, point.Y!.Value, table.Number(point.Row, $"{vertical}_low"), table.Number(point.Row, $"{vertical}_high"),
                    key == keys[^1] && point.At is { } at ? NumberText.Short(at) : null))]))],
    };

    /// <summary>The axis along x, with a tick at each value of the grid where there are few.</summary>
    internal FigureAxis XAxis()
    {
        AxisScale scale = AxisCatalog.Scale(x);
        double[] values = [.. Rows().Select(row => table.Number(row, x)).OfType<double>().Distinct().Order()];
        return new FigureAxis
        {
            Label = AxisCatalog.Label(x),
            Scale = scale,
            Categories = scale == AxisScale.Category ? Places() : [],
            Ticks = scale != AxisScale.Category && values.Length <= MaxTicks ? values : [],
        };
    }

    private static FigureAxis YAxis(string label, double[] values, bool fromZero)
    {
        double[] positive = [.. values.Where(value => value > 0)];
        bool isLogarithmic = positive.Length > 0 && positive.Length == values.Length && positive.Max() / positive.Min() > LogarithmFrom;
        return new FigureAxis
        {
            Label = label,
            Scale = isLogarithmic ? AxisScale.Log10 : AxisScale.Linear,
            FromZero = fromZero,
        };
    }

    private FigurePoint[] Points(SeriesKey key, string metric, double factor) =>
        [.. Rows().Where(row => key.Matches(table, row))
            .Select(row => (X: Place(row), Y: table.Number(row, metric), Row: row))
            .Where(point => point.X is not null && point.Y is not null)
            .OrderBy(point => point.X)
            .Select(point => new FigurePoint(
                point.X!.Value, point.Y!.Value * factor,
                table.Number(point.Row, $"{metric}_low") * factor, table.Number(point.Row, $"{metric}_high") * factor))];

    private double? Place(int row) => AxisCatalog.Scale(x) == AxisScale.Category
        ? Array.IndexOf(Places(), table.Text(row, x) ?? "")
        : table.Number(row, x);

    // Absent is a value: one experiment may leave open what another sets.
    private static int Values(ResultTable table, string column) => table.Has(column)
        ? Enumerable.Range(0, table.Rows.Count).Select(row => table.Text(row, column)).Distinct().Count()
        : 0;

    // Rows stand by evidence kind first; the places of both kinds share one order.
    private string[] Places() => [.. table.Distinct(x).OrderBy(name => KnownOrder.Rank(name) ?? KnownOrder.Last)];

    // One name for what is drawn alike in all panels; the panels' titles say which it is.
    private static string SeriesName(SeriesKey key, bool isExtreme, bool several)
    {
        string statistic = isExtreme ? Extreme : "p50 or mean";
        return !several ? key.Name : key.Name.Length == 0 ? statistic : isExtreme ? $"{key.Name}, {statistic}" : key.Name;
    }

    private static string Statistic(string metric) =>
        metric.Contains("_p99_", StringComparison.Ordinal) ? "p99"
        : metric.Contains("_p50_", StringComparison.Ordinal) ? "p50"
        : metric.StartsWith("peak", StringComparison.Ordinal) ? "peak" : "mean";

    private IEnumerable<int> Rows() => Enumerable.Range(0, table.Rows.Count);
}
