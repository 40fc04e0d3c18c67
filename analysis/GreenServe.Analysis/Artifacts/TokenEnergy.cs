using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The energy of a token laid on what it was spent for, part on part; what no baseline or phase accounts for is a part too.</summary>
internal static class TokenEnergy
{
    /// <summary>The whole (J/token).</summary>
    internal const string Metric = "joules_per_output_token";

    /// <summary>Name of the part that nothing accounts for.</summary>
    internal const string NotSplit = "not split";

    /// <summary>Smaller parts are rounding.</summary>
    private const double MinShare = 0.001;

    private static readonly (string Name, string Metric)[] Measured =
    [
        ("idle", "idle_joules_per_output_token"), ("loaded-idle", "loaded_idle_joules_per_output_token"),
        ("prefill", "prefill_joules_per_output_token"), ("decode", "decode_joules_per_output_token"),
    ];

    /// <summary>The names of all parts, from below.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Measured.Select(part => part.Name), NotSplit];

    /// <summary>The parts that a row of an artifact's table tells, each with where it begins and ends (J/token); none where the whole was not measured.</summary>
    internal static IReadOnlyList<(string Name, double From, double To)> Parts(ResultTable table, int row)
    {
        List<(string Name, double From, double To)> parts = [];
        if (table.Number(row, Metric) is not { } total)
        {
            return parts;
        }

        double top = 0;
        foreach ((string name, string metric) in Measured)
        {
            if (table.Number(row, metric) is { } joules)
            {
                parts.Add((name, top, top + joules));
                top += joules;
            }
        }

        if (Math.Abs(total - top) > MinShare * total)
        {
            parts.Add((NotSplit, top, total));
        }

        return parts;
    }
}
