using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>A part of the energy of a token, standing on the parts before it.</summary>
/// <param name="Name">What the energy was spent for.</param>
/// <param name="FromJoulesPerToken">Where it begins (J/token).</param>
/// <param name="ToJoulesPerToken">Where it ends (J/token).</param>
internal sealed record TokenEnergyPart(string Name, double FromJoulesPerToken, double ToJoulesPerToken);

/// <summary>The energy of an output token, part on part. What no baseline or phase accounts for is a part too.</summary>
internal static class TokenEnergy
{
    /// <summary>Name of the part that nothing accounts for.</summary>
    internal const string NotSplit = "not split";

    // A rest below a thousandth of the whole is rounding.
    private const double MinShare = 0.001;

    private static readonly (string Name, MetricColumn Metric)[] Measured =
    [
        ("idle", MetricColumns.IdleJoulesPerOutputToken), ("loaded-idle", MetricColumns.LoadedIdleJoulesPerOutputToken),
        ("prefill", MetricColumns.PrefillJoulesPerOutputToken), ("decode", MetricColumns.DecodeJoulesPerOutputToken),
    ];

    /// <summary>Total energy per output token (J/token).</summary>
    internal static MetricColumn Total => MetricColumns.JoulesPerOutputToken;

    /// <summary>The names of all parts, from below.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Measured.Select(part => part.Name), NotSplit];

    /// <summary>The columns that <see cref="Parts"/> reads.</summary>
    internal static IReadOnlyList<NumberColumn> Columns { get; } = [Total.Mean, .. Measured.Select(part => part.Metric.Mean)];

    /// <summary>The parts that a row of an artifact's table tells; none where the whole was not measured.</summary>
    internal static IReadOnlyList<TokenEnergyPart> Parts(TableRow row)
    {
        List<TokenEnergyPart> parts = [];
        if (row[Total.Mean] is not { } total)
        {
            return parts;
        }

        double top = 0;
        foreach ((string name, MetricColumn metric) in Measured)
        {
            if (row[metric.Mean] is { } joules)
            {
                parts.Add(new TokenEnergyPart(name, top, top + joules));
                top += joules;
            }
        }

        if (Math.Abs(total - top) > MinShare * total)
        {
            parts.Add(new TokenEnergyPart(NotSplit, top, total));
        }

        return parts;
    }
}
