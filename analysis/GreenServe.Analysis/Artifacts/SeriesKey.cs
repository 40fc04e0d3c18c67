using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>What the points of a series have in common.</summary>
/// <param name="Values">Value of each splitting column.</param>
/// <param name="Name">Name in the legend; empty when nothing splits.</param>
/// <param name="Style">Colour and marker.</param>
internal sealed record SeriesKey(IReadOnlyDictionary<string, string?> Values, string Name, SeriesStyle Style)
{
    internal bool Matches(ResultTable table, int row) => Values.All(pair => table.Text(row, pair.Key) == pair.Value);

    /// <summary>Every combination that occurs. Measured series are dashed beside simulated ones.</summary>
    internal static IReadOnlyList<SeriesKey> All(ResultTable table, string[] columns)
    {
        IReadOnlyList<Dictionary<string, string?>> combinations = [.. Enumerable.Range(0, table.Rows.Count)
            .Select(row => columns.ToDictionary(column => column, column => table.Text(row, column)))
            .DistinctBy(values => string.Join('\u001f', values.Values))];
        bool isOrdered = columns.Length == 1 && !table.Columns.First(column => column.Name == columns[0]).IsText;
        return [.. combinations.Select((values, index) => new SeriesKey(
            values,
            string.Join(", ", columns.Where(column => values[column] is not null).Select(column => AxisCatalogue.Name(column, values[column]!))),
            StyleOf(values, index, combinations.Count, isOrdered)))];
    }

    private static SeriesStyle StyleOf(Dictionary<string, string?> values, int index, int count, bool isOrdered) => new(
        isOrdered && count > 3 ? Palette.Ordered(index, count) : Palette.Of(index),
        index,
        IsDashed: values.TryGetValue("evidence", out string? evidence) && evidence == "measured");
}
