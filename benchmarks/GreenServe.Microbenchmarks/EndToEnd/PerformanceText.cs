using System.Globalization;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>Numbers of the page of the suite's own performance as text, with three digits.</summary>
internal static class PerformanceText
{
    private const string Absent = "not measured";
    private const double BytesPerMegabyte = 1e6;

    /// <summary>A cost with its unit.</summary>
    internal static string Of(double? cost, CostKind kind) => kind == CostKind.Time ? Seconds(cost) : Megabytes(cost);

    /// <summary>An exponent with its interval.</summary>
    internal static string Of(GrowthFit? fit) => fit switch
    {
        null => Absent,
        { HalfWidth: null } => Digits(fit.Exponent, 2),
        _ => $"{Digits(fit.Exponent, 2)} ± {Digits(fit.HalfWidth.Value, 2)}",
    };

    /// <summary>A command with the number of its requests, where its cost depends on them.</summary>
    internal static string Name(string command, int? requests) =>
        requests is { } number ? $"`{command}`, {Count(number)} requests" : $"`{command}`";

    /// <summary>A whole number with separators.</summary>
    internal static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A share in percent.</summary>
    internal static string Percent(double? share) => share is { } value ? $"{Digits(100 * value, value < 0.1 ? 1 : 0)} %" : "–";

    /// <summary>User time and peak memory of a command.</summary>
    internal static string TimeAndMemory(CommandCost? cost) => cost?.UserSeconds is null
        ? cost?.NotMeasured is { } why ? $"{Absent}: {why}" : Absent
        : $"{Seconds(cost.UserSeconds)}, {Megabytes(cost.PeakBytes)}";

    /// <summary>The cells of a command that follow its name and version.</summary>
    internal static string Row(CommandCost cost) => cost.WallSeconds is null
        ? $"| {Absent}: {cost.NotMeasured} | | | | | |\n"
        : $"| {Seconds(cost.WallSeconds)} | {Seconds(cost.UserSeconds)} | {Seconds(cost.SystemSeconds)} "
            + $"| {Number(cost.ReferenceMultiple!.Value)} | {Megabytes(cost.PeakBytes)} "
            + $"| {(cost.WrittenBytes is null ? "" : Megabytes(cost.WrittenBytes))} |\n";

    private static string Seconds(double? seconds) => seconds is { } value ? $"{Number(value)} s" : Absent;

    private static string Megabytes(double? bytes) => bytes is { } value ? $"{Number(value / BytesPerMegabyte)} MB" : Absent;

    /// <summary>A number above 0 with three digits, and no fewer before the point than it has.</summary>
    private static string Number(double value) => Digits(value, value switch
    {
        < 10 => 2,
        < 100 => 1,
        _ => 0,
    });

    private static string Digits(double value, int digits) =>
        value.ToString(string.Create(CultureInfo.InvariantCulture, $"N{digits}"), CultureInfo.InvariantCulture);
}
