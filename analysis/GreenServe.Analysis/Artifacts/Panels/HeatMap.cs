using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>Where the axes of a heat map go.</summary>
/// <param name="X">The columns.</param>
/// <param name="Y">The rows.</param>
/// <param name="Group">The axis whose places each have columns of their own; <c>null</c> for none.</param>
/// <param name="Across">The axes whose places each have a panel of their own.</param>
internal sealed record HeatAxes(AxisPlaces X, AxisPlaces Y, AxisPlaces? Group, IReadOnlyList<AxisPlaces> Across)
{
    internal IReadOnlyList<AxisPlaces> All => [.. Across, .. new[] { Group, Y, X }.OfType<AxisPlaces>()];

    internal int Columns => X.Values.Count * (Group?.Values.Count ?? 1);

    /// <summary>Number of the panel that a row stands in; panels of later numbers come later.</summary>
    internal long PanelOf(TableRow row) => Across.Aggregate(0L, (place, axis) => (place * axis.Values.Count) + axis.IndexOf(row));

    internal int ColumnOf(TableRow row) => ((Group?.IndexOf(row) ?? 0) * X.Values.Count) + X.IndexOf(row);
}

/// <summary>
/// Heat maps of a quantity of which less is better. Each cell is a setting, coloured against the best setting of its question that keeps
/// the SLO; the best is marked, and settings that break the SLO are crossed.
/// </summary>
internal sealed class HeatMap
{
    // From two and a half times the least on, a cell is as dark as it gets: what lies beyond is equally out of the question.
    private const double HighestRatio = 2.5;

    // More columns than this leave no room for numbers in their cells.
    private const int MaxLabelledColumns = 16;

    private readonly ResultTable table;
    private readonly HeatAxes axes;
    private readonly IReadOnlyList<GridAxis> choices;

    /// <param name="table">The table of the grid.</param>
    /// <param name="axes">Where its axes go.</param>
    /// <param name="choices">
    /// The axes among whose settings the least is sought; rows that agree in all others belong to one question. Empty where nothing is
    /// chosen: then cells are coloured by the quantity itself.
    /// </param>
    internal HeatMap(ResultTable table, HeatAxes axes, IReadOnlyList<GridAxis> choices)
    {
        table.Require([MetricColumns.SloFeasible.Mean, GridColumns.Repetitions, StandardColumns.Invalid]);
        (this.table, this.axes, this.choices) = (table, axes, choices);
    }

    /// <summary>The quantity of the cells.</summary>
    internal required MetricColumn Metric { get; init; }

    /// <summary>The quantity in the words of a reading, for example <c>J per request</c>.</summary>
    internal required string Unit { get; init; }

    /// <summary>The quantity in the words of the colour's legend, for example <c>energy per request</c>.</summary>
    internal required string Quantity { get; init; }

    /// <summary>What settings are compared within, for example <c>class</c>; empty for the whole figure.</summary>
    internal string Question { get; init; } = "";

    /// <summary>What a cross says.</summary>
    internal string CrossLabel { get; init; } = "breaks the SLO or was never valid";

    /// <summary>Whether cells with enough room hold their number.</summary>
    internal bool HasLabels { get; init; } = true;

    /// <summary>The panels: one for each setup and each place of the axes across.</summary>
    internal IReadOnlyList<HeatPanel> Panels()
    {
        HeatPanel[] panels = [.. SeriesKey.All(table, SetupColumnsOf(table, axes.All)).SelectMany(PanelsOf)];
        (double low, double high) = ColorRange(panels.SelectMany(panel => panel.Cells).Select(cell => cell.Value).OfType<double>());
        return [.. panels.Select(panel => panel with { ColorLow = low, ColorHigh = high })];
    }

    private IEnumerable<HeatPanel> PanelsOf(SeriesKey setup)
    {
        Column[] asked = [.. axes.All.Select(places => places.Axis).Where(axis => !choices.Contains(axis))];
        TableRow[] rows = [.. table.Rows.Where(setup.Matches)];
        Dictionary<string, double> least = rows.Where(IsFeasible).GroupBy(row => QuestionOf(row, asked))
            .ToDictionary(question => question.Key, question => question.Min(row => row[Metric.Mean]!.Value));
        foreach (IGrouping<long, TableRow> part in rows.GroupBy(axes.PanelOf).OrderBy(part => part.Key))
        {
            string[] title = [.. axes.Across.Select(axis => axis.InWords(axis.IndexOf(part.First()))), setup.Name];
            yield return PanelOf(
                Sentence(string.Join(", ", title.Where(text => text.Length > 0))),
                [.. part.Where(HasCell).Select(row => CellOf(row, least.GetValueOrDefault(QuestionOf(row, asked), double.NaN)))]);
        }
    }

    /// <summary>
    /// The columns that say what served and separate the rows of a table: evidence kind, model, system and whatever else of a setup differs
    /// and does not follow from the place in the grid.
    /// </summary>
    internal static IReadOnlyList<Column> SetupColumnsOf(ResultTable table, IReadOnlyList<AxisPlaces> axes)
    {
        TextColumn[] columns = [.. SeriesKey.SetupColumns, StandardColumns.Workload, StandardColumns.SloProfile];
        Column[] places = [StandardColumns.Evidence, .. axes.Select(places => places.Axis)];
        IGrouping<string, TableRow>[] cells = [.. table.Rows.GroupBy(row => QuestionOf(row, places))];
        return
        [
            .. columns.Where(column => axes.All(axis => !axis.Axis.Equals(column)) && table.Has(column)
                && table.Rows.Select(row => row[column]).Distinct().Skip(1).Any()
                && (column.Equals(StandardColumns.Evidence)
                    || cells.Any(cell => cell.Select(row => row[column]).Distinct().Skip(1).Any()))),
        ];
    }

    private HeatPanel PanelOf(string title, IReadOnlyList<HeatCell> cells) => new()
    {
        Title = title,
        X = new FigureAxis
        {
            Label = axes.X.Axis.Legend,
            Scale = AxisScale.Category,
            Categories = [.. Enumerable.Repeat(axes.X.Names, axes.Group?.Values.Count ?? 1).SelectMany(names => names)],
        },
        Y = new FigureAxis
        {
            Label = "",
            Scale = AxisScale.Category,
            Categories = [.. axes.Y.Values.Select((_, row) => RowName(row)).Reverse()],
        },
        Cells = cells,
        ColorLabel = choices.Count == 0 ? $"{Quantity} ({Unit})"
            : $"{Quantity} / least{(Question.Length > 0 ? $" of its {Question}" : "")}",
        ColorLow = 1,
        ColorHigh = HighestRatio,
        MarkLabel = Question.Length > 0 ? $"least {Quantity} of its {Question}" : $"least {Quantity}",
        CrossLabel = CrossLabel,
        Dividers = [.. Enumerable.Range(1, (axes.Group?.Values.Count ?? 1) - 1).Select(place => (place * axes.X.Values.Count) - 0.5)],
        Groups = axes.Group is not { } group ? []
            : [.. Enumerable.Range(0, group.Values.Count).Select(place => new HeatGroup(
                (place * axes.X.Values.Count) + ((axes.X.Values.Count - 1) / 2.0), group.InWords(place)))],
    };

    // Names of rows are full words only where they are numbers: a name says what it is.
    private string RowName(int row) => axes.Y.Size.IsNumeric ? axes.Y.InWords(row) : axes.Y.Names[row];

    private HeatCell CellOf(TableRow row, double least)
    {
        double? value = row[Metric.Mean];
        double? shown = !IsFeasible(row) ? null : choices.Count == 0 ? value : value / least;
        string found = IsFeasible(row) ? $"{NumberText.Of(value!.Value)} {Unit}"
            : row[GridColumns.Repetitions] is not > 0 ? row[StandardColumns.Invalid] ?? "no valid run"
            : "breaks the SLO";
        string[] place = [.. new[] { axes.Group, axes.X }.OfType<AxisPlaces>().Select(axis => axis.InWords(axis.IndexOf(row)))];
        return new HeatCell(
            axes.ColumnOf(row),
            axes.Y.Values.Count - 1 - axes.Y.IndexOf(row),
            shown,
            $"{axes.Y.InWords(axes.Y.IndexOf(row))}, {string.Join(", ", place)}: {found}",
            IsMarked: choices.Count > 0 && shown == 1,
            HasLabels && shown is not null && axes.Columns <= MaxLabelledColumns ? NumberText.Short(value!.Value) : null);
    }

    /// <summary>Whether a row is a candidate: its mean is known, and it keeps the SLO. Without an SLO every valid setting is one.</summary>
    internal static bool IsFeasible(TableRow row, NumberColumn mean) =>
        row[mean] is > 0 && row[MetricColumns.SloFeasible.Mean] is null or 1;

    private bool IsFeasible(TableRow row) => IsFeasible(row, Metric.Mean);

    // A valid setting without a number is neither good nor bad: its cell stays empty.
    private bool HasCell(TableRow row) => row[Metric.Mean] is not null || row[GridColumns.Repetitions] is not > 0;

    /// <summary>The ends of the colours: of the ratios to the least, or of the quantity itself where nothing is chosen.</summary>
    private (double Low, double High) ColorRange(IEnumerable<double> shown)
    {
        double[] values = [.. shown];
        (double low, double high) = values.Length == 0 ? (1, HighestRatio) : (values.Min(), values.Max());
        high = choices.Count == 0 ? high : Math.Min(high, HighestRatio);
        return low < high ? (low, high) : (low, low * HighestRatio);
    }

    private static string QuestionOf(TableRow row, IReadOnlyList<Column> columns) =>
        string.Join('\u001f', columns.Select(column => row.Text(column) is { } text ? $"={text}" : ""));

    private static string Sentence(string words) => words.Length == 0 ? "Every setting" : char.ToUpperInvariant(words[0]) + words[1..];
}
