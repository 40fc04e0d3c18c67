using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>The places of an axis as a figure shows them: numbers ascending, then names in their order.</summary>
internal sealed class AxisPlaces
{
    // From this ratio on, places that grow by factors would crowd at one end of an even scale.
    private const double LogarithmFrom = 16;
    private const int MinPlacesOfLogarithm = 3;

    // A longer name leaves no room for the panel beside it; a name of more letters than the second is broken into lines.
    private const int MaxLetters = 28;
    private const int MaxLettersOfLine = 11;

    private readonly Dictionary<string, int> indices;

    /// <param name="table">The table of the grid.</param>
    /// <param name="axis">One of its axes.</param>
    internal AxisPlaces(ResultTable table, GridAxis axis)
    {
        Values =
        [
            .. table.Rows.Select(row => (Text: row.Text(axis), Number: row.Number(axis))).Distinct()
                .OrderBy(place => place.Text is null ? 2 : place.Number is null ? 1 : 0)
                .ThenBy(place => place.Number ?? (place.Text is { } name ? KnownOrder.Rank(name) ?? KnownOrder.Last : 0))
                .Select(place => place.Text),
        ];
        indices = Values.Index().ToDictionary(place => KeyOf(place.Item), place => place.Index);
        double[] numbers = [.. table.Rows.Select(row => row.Number(axis)).OfType<double>().Distinct().Order()];
        Size = new AxisSize(axis.Name, Values.Count, IsNumeric: numbers.Length == Values.Count);
        Axis = Drawn(axis, numbers);
    }

    /// <summary>The axis with the scale that its places need.</summary>
    internal GridAxis Axis { get; }

    internal AxisSize Size { get; }

    /// <summary>The places as the table has them; <c>null</c> for one that is absent.</summary>
    internal IReadOnlyList<string?> Values { get; }

    /// <summary>The places as a category axis names them.</summary>
    internal IReadOnlyList<string> Names => [.. Values.Select(value => value is null ? "not set" : Short(value))];

    /// <summary>The place of a row, from 0.</summary>
    internal int IndexOf(TableRow row) => indices[KeyOf(row.Text(Axis))];

    /// <summary>A place in the words of a title, for example <c>batch limit 64</c>.</summary>
    internal string InWords(int place) => ShownText.OneLine(Axis.InWords(Values[place]), MaxLetters * 2);

    // An absent place is another one than an empty name.
    private static string KeyOf(string? value) => value is null ? "" : $"={value}";

    private static string Short(string name) => name.Length <= MaxLetters && !name.Any(char.IsControl)
        ? name
        : ShownText.OneLine(name[..Math.Min(name.Length, MaxLetters - 1)]) + (name.Length > MaxLetters ? "…" : "");

    // An axis that the suite knows has its scale, unless its places have names in this grid.
    private GridAxis Drawn(GridAxis axis, double[] numbers)
    {
        AxisScale scale = !Size.IsNumeric ? AxisScale.Category
            : GridAxes.IsKnown(axis) && axis.Scale != AxisScale.Category ? axis.Scale
            : numbers is [> 0 and var first, .., var last] && numbers.Length >= MinPlacesOfLogarithm
                && last / first >= LogarithmFrom ? AxisScale.Log2
            : AxisScale.Linear;
        return axis.Scaled(scale, hasLongNames: scale == AxisScale.Category && Values.Any(value => value?.Length > MaxLettersOfLine));
    }
}
