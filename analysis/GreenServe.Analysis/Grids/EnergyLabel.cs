using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Grids;

/// <summary>Labels of axes for energy and power.</summary>
internal static class EnergyLabel
{
    private static readonly string Estimated = EnumText.Of(EvidenceKind.Estimated);

    /// <summary>
    /// A label with a word before it where a power model gave every number. Where evidence kinds stand together, the names of the series
    /// tell them apart.
    /// </summary>
    /// <param name="label">Quantity and unit, for example <c>energy (J/token)</c>.</param>
    /// <param name="evidence">The evidence kinds of what is drawn.</param>
    internal static string Of(string label, IEnumerable<EvidenceKind> evidence) => Of(label, [.. evidence.Select(EnumText.Of).Distinct()]);

    /// <summary>The label of an energy axis, marked as estimated where every row of a table is estimated.</summary>
    /// <param name="label">Quantity and unit, for example <c>energy (J/token)</c>.</param>
    /// <param name="table">The table that is drawn.</param>
    internal static string Of(string label, ResultTable table) =>
        table.Has(StandardColumns.Evidence) ? Of(label, [.. table.Distinct(StandardColumns.Evidence).OfType<string>()]) : label;

    private static string Of(string label, string[] evidence) => evidence is [var only] && only == Estimated ? $"estimated {label}" : label;
}
