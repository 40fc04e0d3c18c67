using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>Makes panels from a table: one column along x, metrics along y, one series for each combination of the other axes.</summary>
internal sealed class PanelBuilder
{
    /// <summary>Legend of a panel's second metric, which is drawn with dashed lines or open marks.</summary>
    internal const string Extreme = "p99 or peak";

    // Ratios beyond this hide the small values on an even scale.
    private const double LogarithmFrom = 20;

    // More tick labels than this would touch in half the width of a figure.
    private const int MaxTicks = 8;

    // More numbers over bars than this would touch.
    private const int MaxValues = 14;

    private static readonly TextColumn[] Identities =
    [
        StandardColumns.Evidence, StandardColumns.Model, StandardColumns.Precision, StandardColumns.Workload, StandardColumns.System,
        StandardColumns.Engine,
    ];

    private readonly ResultTable table;
    private readonly GridAxis x;
    private readonly bool namesSystem;

    // The series of the whole figure, of which those of a group of like scale are some.
    private readonly IReadOnlyList<SeriesKey> all;

    /// <param name="table">The main table.</param>
    /// <param name="x">Column along x.</param>
    /// <param name="axes">
    /// More axes that split the series where the table has them. Other axes of the table and identities that differ split them too.
    /// </param>
    internal PanelBuilder(ResultTable table, GridAxis x, GridAxis[] axes)
    {
        table.Require([x, .. Identities]);
        this.table = table;
        this.x = x;

        // A grid over GPUs or clusters names them already; the system would only say it again.
        namesSystem = axes.Contains(GridAxes.Gpu) || x.Equals(GridAxes.Cluster);
        IEnumerable<Column> identities = Identities.Where(column => !column.Equals(StandardColumns.System) || !namesSystem);

        // An experiment may vary more than its artifact asks for; what it varies is never averaged over.
        IEnumerable<Column> others = AxisRoles.ColumnsOf(table)
            .Where(column => !column.Equals(GridAxes.Gpu) && !column.Equals(GridAxes.Workload));
        Keys = all = SeriesKey.All(table, [.. axes.Concat(others).Concat(identities).Distinct()
            .Where(column => !column.Equals(x) && table.Has(column) && CountValues(column) > 1)]);
    }

    private PanelBuilder(PanelBuilder whole, ScaleGroup group)
    {
        (x, namesSystem, all, Keys) = (whole.x, whole.namesSystem, whole.all, group.Keys);
        table = whole.table.Where(row => group.Keys.Any(key => key.Matches(row)));
    }

    /// <summary>
    /// The only simulated series, whose error band is drawn; <c>null</c> where there are several, because their bands would hide each
    /// other.
    /// </summary>
    private SeriesKey? BandKey => Keys.Where(key => RowsOf(key).Any(IsSimulated)).ToArray() is [var only] ? only : null;

    /// <summary>The series found, in their order.</summary>
    internal IReadOnlyList<SeriesKey> Keys { get; }

    /// <summary>The rows that the panels are drawn from.</summary>
    internal ResultTable Table => table;

    /// <summary>
    /// A figure whose panels are drawn once for each group of series of like scale. Two groups stand side by side, so that each row of
    /// panels shows one quantity.
    /// </summary>
    /// <param name="draw">The panels of a group, from few rows of the table and their series.</param>
    /// <param name="columns">Panels a row.</param>
    /// <param name="panelHeight">Height of a row in pixels at a width of 800.</param>
    /// <param name="note">What a reader must know beside the error bars; empty for nothing.</param>
    internal FigureContent Figure(
        Func<PanelBuilder, IReadOnlyList<Panel>> draw, int columns = 2, int panelHeight = 230, string note = "")
    {
        IReadOnlyList<ScaleGroup> groups = namesSystem ? [] : ScaleGroup.Of(table, Keys);
        if (groups.Count < 2)
        {
            return new FigureContent(draw(this), columns, panelHeight, note);
        }

        Panel[][] parts = [.. groups.Select(group => draw(new PanelBuilder(this, group))
            .Select(panel => panel with { Title = $"{panel.Title} ({group.Name})" }).ToArray())];
        bool isBeside = parts.Length == columns && parts.All(part => part.Length == parts[0].Length && !part.Any(panel => panel.IsEmpty));
        IEnumerable<Panel> panels = isBeside
            ? parts[0].Index().SelectMany(place => parts.Select(part => part[place.Index]))
            : parts.SelectMany(part => part);
        return new FigureContent([.. panels], columns, panelHeight, $"{ScaleGroup.Note} {note}".TrimEnd());
    }

    /// <summary>A panel with one or two metrics: the second is dashed with open markers.</summary>
    internal LinePanel Lines(string title, MetricColumn typical, MetricColumn? extreme = null, params ReferenceLine[] references)
    {
        MetricColumn[] metrics = extreme is null ? [typical] : [typical, extreme];
        double[] values = [.. metrics.SelectMany(metric => table.Numbers(metric.Mean))];
        (double factor, string unit) = typical.Display(values);
        SeriesKey? bandKey = BandKey;
        return new LinePanel
        {
            Title = extreme is null ? title : $"{title}: {Statistic(typical)} and {Statistic(extreme)}",
            X = XAxis(),
            Y = YAxis(typical.AxisLabel(unit, table), values),
            Series = [.. metrics.Index().SelectMany(metric => Keys.Select(key => new Series(
                SeriesName(key, metric.Index > 0, metrics.Length > 1),
                key.Style with { IsDashed = metric.Index > 0, IsOpen = metric.Index > 0 },
                Points(key, metric.Item, factor, hasBand: metric.Index == 0 && key == bandKey),
                IsListed: metric.Index == 0 || all.Count == 1)).Where(series => series.Points.Count > 0))],
            References = references,
        };
    }

    /// <summary>Bars of one metric, grouped at the names along x.</summary>
    internal BarPanel Bars(string title, MetricColumn metric)
    {
        (double factor, string unit) = metric.Display(table.Numbers(metric.Mean));
        return new BarPanel
        {
            Title = title,
            X = XAxis(),
            Y = new FigureAxis { Label = metric.AxisLabel(unit, table), FromZero = true },
            HasValues = Keys.Count * table.Distinct(x).Count <= MaxValues,
            Series = [.. all.Index().Where(pair => Keys.Contains(pair.Item))
                .Select(pair => new Series(
                    pair.Item.Name, pair.Item.Style with { Color = Palette.Of(pair.Index) }, Points(pair.Item, metric, factor)))
                .Where(series => series.Points.Count > 0)],
        };
    }

    /// <summary>The parts of a token's energy, standing on each other at the places along x, for one series.</summary>
    internal BarPanel TokenEnergyParts(string title, SeriesKey key)
    {
        table.Require(TokenEnergy.Columns);
        TableRow[] rows = [.. RowsOf(key).OrderBy(row => row.Number(x))];
        ILookup<string, FigurePoint> points = rows.Index()
            .SelectMany(place => TokenEnergy.Parts(place.Item)
                .Select(part => (part.Name, Point: new FigurePoint(place.Index, part.ToJoulesPerToken, Base: part.FromJoulesPerToken))))
            .ToLookup(part => part.Name, part => part.Point);
        return new BarPanel
        {
            Title = key.Name.Length > 0 ? $"{title}, {key.Name}" : title,
            X = new FigureAxis
            {
                Label = x.Legend,
                Scale = AxisScale.Category,
                Categories = [.. rows.Select(row => row.Text(x) ?? "none")],
            },
            Y = new FigureAxis { Label = TokenEnergy.Total.AxisLabel("J", table), FromZero = true },
            Series = [.. TokenEnergy.Names.Where(points.Contains)
                .Select(name => new Series(name, new SeriesStyle(PhaseColors.Of(name)), [.. points[name]]))],
            IsStacked = true,
            HasValues = false,
        };
    }

    /// <summary>A panel of one metric against another, points joined in the order of x.</summary>
    internal LinePanel Against(string title, MetricColumn horizontal, MetricColumn vertical)
    {
        table.Require([.. horizontal.Interval, .. vertical.Interval]);
        FigureAxis Axis(MetricColumn metric)
        {
            string label = $"{metric.Mean.Legend} ({metric.Mean.Unit})";
            return new() { Label = metric.Metric.Unit is "J" or "W" ? EnergyLabel.Of(label, table) : label, Scale = AxisScale.Log10 };
        }

        // Only the last series is labelled: the places along x are the same in all of them.
        FigurePoint Point(TableRow row, SeriesKey key) => new(
            row[horizontal.Mean]!.Value,
            row[vertical.Mean]!.Value,
            row[vertical.Low],
            row[vertical.High],
            key == Keys[^1] && row.Number(x) is { } at ? NumberText.Short(at) : null);
        return new LinePanel
        {
            Title = title,
            X = Axis(horizontal),
            Y = Axis(vertical),
            Series = [.. Keys.Select(key => new Series(key.Name, key.Style, [.. RowsOf(key)
                .Where(row => row[horizontal.Mean] is not null && row[vertical.Mean] is not null)
                .OrderBy(row => row.Number(x)).Select(row => Point(row, key))]))],
        };
    }

    /// <summary>The axis along x, with a tick at each value of the grid where there are few.</summary>
    private FigureAxis XAxis()
    {
        double[] values = [.. table.Rows.Select(row => row.Number(x)).OfType<double>().Distinct().Order()];
        return new FigureAxis
        {
            Label = x.Legend,
            Scale = x.Scale,
            Categories = x.Scale == AxisScale.Category ? Places() : [],
            BreaksNames = x.HasLongNames,
            Ticks = x.Scale != AxisScale.Category && values.Length <= MaxTicks ? values : [],
        };
    }

    private static FigureAxis YAxis(string label, double[] values)
    {
        double[] positive = [.. values.Where(value => value > 0)];
        bool isLogarithmic = positive.Length > 0 && positive.Length == values.Length && positive.Max() / positive.Min() > LogarithmFrom;
        return new FigureAxis
        {
            Label = label,
            Scale = isLogarithmic ? AxisScale.Log10 : AxisScale.Linear,
            FromZero = true,
        };
    }

    private FigurePoint[] Points(SeriesKey key, MetricColumn metric, double factor, bool hasBand = false)
    {
        table.Require(metric.Interval);
        return [.. from row in RowsOf(key)
                   let place = Place(row)
                   where place is not null && row[metric.Mean] is not null
                   orderby place
                   let band = hasBand && IsSimulated(row) ? metric.BandOf(row, table) : (null, null)
                   select new FigurePoint(
                       place.Value, row[metric.Mean]!.Value * factor, row[metric.Low] * factor, row[metric.High] * factor)
                   {
                       BandLow = band.Low * factor,
                       BandHigh = band.High * factor,
                   }];
    }

    private static bool IsSimulated(TableRow row) => row[StandardColumns.Evidence] == EnumText.Of(EvidenceKind.Simulated);

    // A row without a name on an axis of names has no place.
    private double? Place(TableRow row) => x.Scale != AxisScale.Category ? row.Number(x)
        : row.Text(x) is { } name ? Array.IndexOf(Places(), name)
        : null;

    // Absent is a value: one experiment may leave open what another sets.
    private int CountValues(Column column) => table.Rows.Select(row => row.Text(column)).Distinct().Count();

    // Rows stand by evidence kind first; the places of both kinds share one order.
    private string[] Places() => [.. table.Distinct(x).OrderBy(name => KnownOrder.Rank(name) ?? KnownOrder.Last)];

    // One name for what is drawn alike in all panels; the panels' titles say which it is.
    private static string SeriesName(SeriesKey key, bool isExtreme, bool several)
    {
        string statistic = isExtreme ? Extreme : "p50 or mean";
        return !several ? key.Name : key.Name.Length == 0 ? statistic : isExtreme ? $"{key.Name}, {statistic}" : key.Name;
    }

    private static string Statistic(MetricColumn metric) =>
        metric.Metric.Name.Contains("_p99_", StringComparison.Ordinal) ? "p99"
        : metric.Metric.Name.Contains("_p50_", StringComparison.Ordinal) ? "p50"
        : metric.Metric.Name.StartsWith("peak", StringComparison.Ordinal) ? "peak" : "mean";

    private IEnumerable<TableRow> RowsOf(SeriesKey key) => table.Rows.Where(key.Matches);
}
