using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// The artifact of an experiment that names none of the catalog: it is made from the grid, whatever its axes. One axis makes curves or
/// bars, two a heat map with curves beside it, more make heat maps side by side.
/// </summary>
internal static class GridArtifact
{
    // Panels of all setups together: what is beyond stands in the table alone.
    private const int MaxDrawn = 24;

    // A row of a heat map, and what stands above and below the rows (px).
    private const int HeatRow = 24;
    private const int HeatMargin = 100;
    private const int MinHeatHeight = 170;

    // A setting that cannot be used counts as so many times the worst one, where axes are ordered by how telling they are.
    private const double InfeasibleRatio = 2;

    private const string NotShown = "The table has all settings.";

    /// <summary>Endings of the names of what belongs to such an artifact.</summary>
    internal static IReadOnlyList<string> Endings { get; } = ["", "-curves", "-pareto", "-front", "-percentiles"];

    /// <summary>The artifact of a grid.</summary>
    /// <param name="name">Name of the experiment, which <see cref="GridNames"/> accepts.</param>
    /// <param name="axes">Every axis of the experiment, in its order; at least one.</param>
    internal static Artifact For(string name, IReadOnlyList<GridAxis> axes)
    {
        string words = InWords(axes);
        string title = $"{char.ToUpperInvariant(words[0])}{words[1..]} ({name})";
        return new Artifact
        {
            Name = name,
            Title = title,
            Question = $"What do {words} do to latency, power and the energy of a token, and which setting takes the least?",
            Axes = axes,
            Draw = table => Draw(table, axes),
            Companions =
            [
                new Artifact
                {
                    Name = $"{name}-curves",
                    Title = $"{title}, as curves",
                    Question = $"How do latency, throughput, power and energy follow {words}?",
                    Axes = axes,
                    Draw = table => VariedOf(table, axes) is { Length: 2 } varied && GridLayout.Of(SizesOf(varied))?.IsHeat == true
                        ? Curves(table, varied)
                        : new FigureContent([]),
                },
                CompanionFigures.Pareto(name, title, axes),
            ],
        };
    }

    /// <summary>The axes along which the least is sought: the knobs, or without one that varies the subjects.</summary>
    internal static IReadOnlyList<GridAxis> ChoicesOf(ResultTable table, IReadOnlyList<GridAxis> varied)
    {
        IReadOnlyDictionary<string, AxisRole> stated = AxisRoles.Read(table);
        ILookup<AxisRole, GridAxis> roles =
            varied.ToLookup(axis => stated.TryGetValue(axis.Name, out AxisRole role) ? role : axis.Role);
        return [.. roles[AxisRole.Knob].Any() ? roles[AxisRole.Knob] : roles[AxisRole.Subject]];
    }

    private static FigureContent Draw(ResultTable table, IReadOnlyList<GridAxis> axes)
    {
        AxisPlaces[] varied = VariedOf(table, axes);
        return GridLayout.Of(SizesOf(varied)) switch
        {
            { IsHeat: true } layout => Heat(table, varied, layout),
            { Across.Count: 0 } => Curves(table, varied),
            { } layout => ManyCurves(table, varied, layout),
            null => ManyCurves(table, varied, Longest(SizesOf(varied))),
        };
    }

    /// <summary>The axes that vary, the most telling first; the first axis where none does.</summary>
    private static AxisPlaces[] VariedOf(ResultTable table, IReadOnlyList<GridAxis> axes)
    {
        AxisPlaces[] varied = [.. axes.Select(axis => new AxisPlaces(table, axis)).Where(axis => axis.Values.Count > 1)];
        IReadOnlyList<GridAxis> choices = ChoicesOf(table, [.. varied.Select(axis => axis.Axis)]);
        return varied.Length == 0
            ? [new AxisPlaces(table, axes[0])]
            : [.. varied.OrderBy(axis => !choices.Contains(axis.Axis)).ThenByDescending(axis => EffectOf(table, axis))];
    }

    /// <summary>
    /// How much the quantity changes along an axis: the largest over the least geometric mean of its places. A setting that breaks the SLO
    /// or was never valid counts as worse than every other, so that an axis along which settings become infeasible is telling too.
    /// </summary>
    private static double EffectOf(ResultTable table, AxisPlaces axis)
    {
        NumberColumn mean = QuantityOf(table).Mean;
        double worst = InfeasibleRatio * table.Numbers(mean).DefaultIfEmpty(1).Max();
        double[] levels = [.. table.Rows.GroupBy(axis.IndexOf)
            .Select(rows => rows.Average(row => Math.Log(HeatMap.IsFeasible(row, mean) ? row[mean]!.Value : worst)))];
        return levels.Max() - levels.Min();
    }

    /// <summary>Energy of a token, or its time where no energy was measured.</summary>
    private static MetricColumn QuantityOf(ResultTable table) => table.Numbers(MetricColumns.JoulesPerOutputToken.Mean).Any()
        ? MetricColumns.JoulesPerOutputToken
        : MetricColumns.TpotMean;

    private static FigureContent Heat(ResultTable table, AxisPlaces[] varied, GridLayout layout)
    {
        AxisPlaces Of(AxisSize size) => varied.First(axis => axis.Size == size);
        HeatAxes axes = new(
            Of(layout.X), Of(layout.Y!), layout.Group is { } group ? Of(group) : null, [.. layout.Across.Select(Of)]);
        IReadOnlyList<GridAxis> choices = ChoicesOf(table, [.. varied.Select(axis => axis.Axis)]);
        string[] asked = [.. varied.Where(axis => !choices.Contains(axis.Axis)).Select(axis => axis.Axis.Words)];
        bool hasEnergy = QuantityOf(table) == MetricColumns.JoulesPerOutputToken;
        HeatPanel[] panels =
        [
            .. new HeatMap(table, axes, choices)
            {
                Metric = QuantityOf(table),
                Unit = hasEnergy ? "J per token" : "s per token",
                Quantity = hasEnergy ? EnergyLabel.Of("energy per token", table) : "time per token",
                Question = asked.Length > 0 ? string.Join(" and ", asked) : "",
            }.Panels(),
        ];
        string compared = choices.Count == 0 ? "" : asked.Length > 0
            ? $"Settings are compared for each {string.Join(" and ", asked)} of a system and model."
            : "All settings of a system and model are compared with each other, across panels too.";
        string numbers = panels.Any(panel => panel.Cells.Any(cell => cell.Label is not null))
            ? $"Numbers in cells: {(hasEnergy ? "J" : "s")} per output token."
            : "";
        return Shown(new FigureContent(
            panels,
            Columns: 1,
            PanelHeight: Math.Max(MinHeatHeight, HeatMargin + (HeatRow * axes.Y.Values.Count)),
            Note: string.Join(' ', new[] { compared, numbers }.Where(text => text.Length > 0))));
    }

    private static FigureContent Curves(ResultTable table, AxisPlaces[] varied)
    {
        if (GridLayout.Curves(SizesOf(varied)) is not { Across.Count: 0 } layout)
        {
            return new FigureContent([]);
        }

        AxisPlaces x = varied.First(axis => axis.Size == layout.X);
        GridAxis[] series = [.. varied.Where(axis => axis != x).Select(axis => axis.Axis)];
        return new PanelBuilder(table, x.Axis, series).Figure(
            panels => x.Size.IsNumeric ? GridPanels.Lines(panels, isAlone: series.Length == 0) : GridPanels.Bars(panels),
            columns: x.Size.IsNumeric ? 2 : 1,
            panelHeight: x.Size.IsNumeric ? 230 : 200);
    }

    /// <summary>Curves of one quantity, a panel for each place of the axes across.</summary>
    private static FigureContent ManyCurves(ResultTable table, AxisPlaces[] varied, GridLayout layout)
    {
        AxisPlaces Of(AxisSize size) => varied.First(axis => axis.Size == size);
        AxisPlaces[] across = [.. layout.Across.Select(Of)];
        AxisPlaces x = Of(layout.X);
        MetricColumn metric = QuantityOf(table);
        GridAxis[] series = [.. varied.Except([x]).Select(axis => axis.Axis)];
        IEnumerable<Panel> Part(IGrouping<long, TableRow> part)
        {
            HashSet<TableRow> rows = [.. part];
            string title = string.Join(", ", across.Select(axis => axis.InWords(axis.IndexOf(part.First()))));
            return new PanelBuilder(table.Where(rows.Contains), x.Axis, series)
                .Figure(panels => [x.Size.IsNumeric ? panels.Lines(title, metric) : panels.Bars(title, metric)]).Panels;
        }

        // Numbers of the places are those of the panels, in their order.
        IEnumerable<IGrouping<long, TableRow>> parts = table.Rows
            .GroupBy(row => across.Aggregate(0L, (place, axis) => (place * axis.Values.Count) + axis.IndexOf(row)))
            .OrderBy(part => part.Key);
        return Shown(new FigureContent([.. parts.SelectMany(Part)], Columns: x.Size.IsNumeric ? 2 : 1));
    }

    // A grid of an earlier version may have more than can be drawn. Then as much as fits is drawn.
    private static GridLayout Longest(IReadOnlyList<AxisSize> axes)
    {
        AxisSize x = axes.OrderByDescending(axis => axis.IsNumeric).ThenByDescending(axis => axis.Places).First();
        return new GridLayout(x, Y: null, Group: null, [.. axes.Where(axis => axis != x)], IsHeat: false);
    }

    private static FigureContent Shown(FigureContent content)
    {
        int more = content.Panels.Count - MaxDrawn;
        return more <= 0 ? content : content with
        {
            Panels = [.. content.Panels.Take(MaxDrawn)],
            Note = $"{content.Note} {more} more panels are not drawn. {NotShown}".TrimStart(),
        };
    }

    private static AxisSize[] SizesOf(AxisPlaces[] axes) => [.. axes.Select(axis => axis.Size)];

    private static string InWords(IReadOnlyList<GridAxis> axes)
    {
        string[] words = [.. axes.Select(axis => axis.Words)];
        return words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
    }
}
