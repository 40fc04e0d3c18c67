using System.Globalization;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>Series whose numbers are of like scale, so that they can be read on one axis.</summary>
/// <param name="Name">What the group has in common and the others have not, for the titles of its panels.</param>
/// <param name="Keys">The series, in the order of the table.</param>
internal sealed record ScaleGroup(string Name, IReadOnlyList<SeriesKey> Keys)
{
    /// <summary>Models are apart where the typical energy per token of one is more than this many times that of the other.</summary>
    internal const double MaxRatio = 10;

    private static readonly NumberColumn Energy = MetricColumns.JoulesPerOutputToken.Mean;

    /// <summary>Why panels are apart, for the note of a figure.</summary>
    internal static string Note { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"Numbers of unlike scale do not share an axis: panels are apart for each number of GPUs that serve one copy of the model, and for "
        + $"models of which one takes more than {MaxRatio} times the energy of a token of the other.");

    /// <summary>
    /// The groups of some series, from few GPUs to many and from little energy to much: series of one number of GPUs, within it of models
    /// whose median energies per token differ by at most <see cref="MaxRatio"/>. Every evidence kind of a model on a system is in one
    /// group.
    /// </summary>
    /// <param name="table">The table that the series are drawn from.</param>
    /// <param name="keys">The series.</param>
    internal static IReadOnlyList<ScaleGroup> Of(ResultTable table, IReadOnlyList<SeriesKey> keys)
    {
        if (!table.Has(GridColumns.GpusUsed) || !table.Has(Energy) || keys.Count < 2)
        {
            return [new ScaleGroup("", keys)];
        }

        Dictionary<string, double> sizes = table.Rows.GroupBy(SetupOf)
            .ToDictionary(group => group.Key, group => group.Max(row => row[GridColumns.GpusUsed] ?? GpusOf(row[StandardColumns.System])));
        ScaledKey[] all = [.. keys.Select(key => ScaledKey.Of(key, [.. table.Rows.Where(key.Matches)], sizes))];
        (double Gpus, ScaledKey[][] Parts)[] found =
            [.. all.GroupBy(one => one.Gpus).OrderBy(group => group.Key).Select(group => (group.Key, ByEnergy([.. group])))];
        return
        [
            .. from size in found
               from part in size.Parts
               let gpus = found.Length > 1 ? GpuText(size.Gpus) : ""
               let models = size.Parts.Length > 1 ? string.Join(" and ", part.Select(one => one.Model).Distinct()) : ""
               select new ScaleGroup(
                   string.Join(", ", new[] { models, gpus }.Where(text => text.Length > 0)),
                   [.. keys.Where(key => part.Any(one => one.Key == key))]),
        ];
    }

    /// <summary>Splits series of one number of GPUs wherever the next model takes too many times the energy of the least one.</summary>
    private static ScaledKey[][] ByEnergy(ScaledKey[] keys)
    {
        (ScaledKey[] Keys, double Joules)[] models = [.. keys.GroupBy(one => one.Model)
            .Select(group => (group.ToArray(), NearestRank.Of([.. group.SelectMany(one => one.Joules).Order()], 50) ?? 0))
            .OrderBy(model => model.Item2)];
        List<List<ScaledKey>> parts = [];
        double least = 0;
        foreach ((ScaledKey[] some, double joules) in models)
        {
            // Models without a number of their own stay with those before them.
            if (parts.Count == 0 || (least > 0 && joules > MaxRatio * least))
            {
                parts.Add([]);
                least = 0;
            }

            parts[^1].AddRange(some);
            least = least > 0 ? least : joules;
        }

        return [.. parts.Select(part => part.ToArray())];
    }

    private static string SetupOf(TableRow row) => $"{row[StandardColumns.System]}\u001f{row[StandardColumns.Model]}";

    // A system in words begins with the number of its accelerators, for example 8 x H100-80GB-SXM.
    private static double GpusOf(string? system) =>
        int.TryParse(system?.Split(' ', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0;

    /// <summary>A number of GPUs in words.</summary>
    internal static string GpuText(double gpus) => gpus == 1 ? "1 GPU" : string.Create(CultureInfo.InvariantCulture, $"{gpus} GPUs");

    /// <summary>A series with what decides its group.</summary>
    private sealed record ScaledKey(SeriesKey Key, double Gpus, string Model, IReadOnlyList<double> Joules)
    {
        internal static ScaledKey Of(SeriesKey key, TableRow[] rows, Dictionary<string, double> sizes) => new(
            key,
            rows.Select(row => sizes[SetupOf(row)]).DefaultIfEmpty(0).Max(),
            key.Values.GetValueOrDefault(StandardColumns.Model) ?? "",
            [.. rows.Select(row => row[Energy]).OfType<double>()]);
    }
}
