namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>An axis of a grid as far as a layout needs it.</summary>
/// <param name="Name">Name of the axis.</param>
/// <param name="Places">Number of its places, an absent one included.</param>
/// <param name="IsNumeric">Whether every place is a number, so that points along it can be joined.</param>
internal sealed record AxisSize(string Name, int Places, bool IsNumeric);

/// <summary>Where each axis of a grid goes in a figure.</summary>
/// <param name="X">The axis along x: of curves and bars, or the columns of a heat map.</param>
/// <param name="Y">The rows of a heat map, or the series of curves and bars; <c>null</c> for none.</param>
/// <param name="Group">The axis whose places each have columns of their own side by side; <c>null</c> for none.</param>
/// <param name="Across">The axes whose places each have a panel of their own.</param>
/// <param name="IsHeat">Whether it is a heat map.</param>
internal sealed record GridLayout(AxisSize X, AxisSize? Y, AxisSize? Group, IReadOnlyList<AxisSize> Across, bool IsHeat)
{
    /// <summary>Columns of a heat map: with more, the numbers under them touch.</summary>
    internal const int MaxColumns = 24;

    /// <summary>Rows of a heat map: with more, the names beside them touch.</summary>
    internal const int MaxRows = 24;

    /// <summary>Panels of one system and model: more do not fit a page that is read.</summary>
    internal const int MaxPanels = 12;

    /// <summary>Curves in a panel, or bars at a place: more cannot be told apart.</summary>
    internal const int MaxSeries = 12;

    /// <summary>Names along x: with more they touch.</summary>
    internal const int MaxNames = 24;

    /// <summary>What can be drawn, in words that follow "want".</summary>
    internal static string Allowed { get; } =
        $"a grid that a figure can show: heat maps of at most {MaxColumns} columns and {MaxRows} rows, or a long axis of numbers with at "
        + $"most {MaxSeries} curves, in at most {MaxPanels} panels; and at most {MaxNames} names on the only axis";

    /// <summary>
    /// The layout of a grid; <c>null</c> where no figure shows all of it. Two axes or more make a heat map of the most telling pair that
    /// leaves few enough panels, one axis makes curves or bars.
    /// </summary>
    /// <param name="axes">The axes with more than one place, the most telling first; at least one.</param>
    internal static GridLayout? Of(IReadOnlyList<AxisSize> axes) => Heat(axes) ?? Curves(axes);

    /// <summary>
    /// The layout of curves or bars, with the longest axis of numbers along x; <c>null</c> where there are too many series or panels.
    /// </summary>
    /// <param name="axes">The axes with more than one place, the most telling first; at least one.</param>
    internal static GridLayout? Curves(IReadOnlyList<AxisSize> axes)
    {
        foreach (AxisSize x in axes.Where(CanStandAlongX).OrderByDescending(axis => axis.IsNumeric).ThenByDescending(axis => axis.Places))
        {
            AxisSize[] others = [.. axes.Where(axis => axis != x)];
            if (others.Length == 0)
            {
                return new GridLayout(x, Y: null, Group: null, Across: [], IsHeat: false);
            }

            foreach (AxisSize series in others.Where(axis => axis.Places <= MaxSeries))
            {
                AxisSize[] across = [.. others.Where(axis => axis != series)];
                if (PanelsOf(across) <= MaxPanels)
                {
                    return new GridLayout(x, series, Group: null, across, IsHeat: false);
                }
            }
        }

        return null;
    }

    private static GridLayout? Heat(IReadOnlyList<AxisSize> axes)
    {
        for (int second = 1; second < axes.Count; second++)
        {
            for (int first = 0; first < second; first++)
            {
                (AxisSize x, AxisSize y) = Turned(axes[first], axes[second]);
                AxisSize[] rest = [.. axes.Where(axis => axis != x && axis != y)];
                if (x.Places > MaxColumns || y.Places > MaxRows)
                {
                    continue;
                }

                if (PanelsOf(rest) <= MaxPanels)
                {
                    return new GridLayout(x, y, Group: null, rest, IsHeat: true);
                }

                foreach (AxisSize group in rest.Where(axis => axis.Places * x.Places <= MaxColumns))
                {
                    AxisSize[] across = [.. rest.Where(axis => axis != group)];
                    if (PanelsOf(across) <= MaxPanels)
                    {
                        return new GridLayout(x, y, group, across, IsHeat: true);
                    }
                }
            }
        }

        return null;
    }

    // Numbers are short and stand under columns, names are long and stand beside rows. Of two alike the longer axis runs along x.
    private static (AxisSize X, AxisSize Y) Turned(AxisSize one, AxisSize other) =>
        (one.IsNumeric, one.Places).CompareTo((other.IsNumeric, other.Places)) >= 0 ? (one, other) : (other, one);

    private static bool CanStandAlongX(AxisSize axis) => axis.IsNumeric || axis.Places <= MaxNames;

    private static long PanelsOf(IEnumerable<AxisSize> across) =>
        across.Aggregate(1L, (panels, axis) => Math.Min(int.MaxValue, panels * axis.Places));
}
