using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>Where the energy of runs went: by part, by request class, by device; in joules, watt-hours, and with factors in gCO2e and money.</summary>
/// <remarks>Parts and devices are of the steady window; classes and requests of the whole stretch that meters or steps cover.</remarks>
public static class AttributionTables
{
    private const double JoulesPerWattHour = 3600;

    /// <summary>The tables of one run: <c>attribution-parts</c>, <c>-classes</c>, <c>-devices</c>.</summary>
    /// <param name="name">The run.</param>
    /// <param name="record">Its record.</param>
    /// <param name="factors">Carbon and cost of energy; <c>null</c> leaves them out.</param>
    public static IReadOnlyList<ResultTable> Of(string name, RunRecord record, GridFactors? factors)
    {
        RunMetrics metrics = RunMetrics.Of(record);
        return [Parts(name, metrics, factors), Classes(name, metrics, RequestAttribution.Of(record), factors), Devices(name, metrics)];
    }

    /// <summary>Energy of every request (J): <c>attribution-requests</c>.</summary>
    /// <returns><c>null</c> where the run's energy was not measured.</returns>
    public static ResultTable? Requests(string name, RunRecord record) => RequestAttribution.Of(record) is { } attribution
        ? new ResultTable(
            "attribution-requests",
            [new("run", true), new("id", false), new("class", true), new("energy_joules", false)],
            [.. record.Requests.Select((request, index) => new object?[] { name, (double)request.Id, request.Class, attribution.ByRequest[index] })])
        : null;

    /// <summary>The same tables of several runs, one below the other.</summary>
    public static IReadOnlyList<ResultTable> Join(IEnumerable<IReadOnlyList<ResultTable>> runs) =>
        [.. runs.SelectMany(tables => tables).GroupBy(table => table.Name).Select(group => new ResultTable(group.Key, group.First().Columns, [.. group.SelectMany(table => table.Rows)]))];

    private static ResultTable Parts(string name, RunMetrics metrics, GridFactors? factors)
    {
        (string Part, double? Joules, double? Error, string? Why)[] parts = [.. PartsOf(metrics)];
        return new ResultTable(
            "attribution-parts",
            [
                new("run", true), new("evidence", true), new("part", true), new("energy_joules", false), new("error_joules", false), new("share", false),
                new("joules_per_output_token", false), new("joules_per_request", false), .. FactorColumns(factors), new("not_measured", true),
            ],
            [.. parts.Select(part => new object?[]
            {
                name, EnumText.Of(metrics.Manifest.Evidence), part.Part, part.Joules, part.Error, part.Joules / parts[0].Joules,
                Per(part.Joules, metrics.Traffic?.OutputTokens.Value), Per(part.Joules, metrics.Traffic?.Requests),
            }.Concat(Factors(part.Joules, factors)).Append(part.Joules is null ? part.Why : null).ToArray())]);
    }

    private static IEnumerable<(string Part, double? Joules, double? Error, string? Why)> PartsOf(RunMetrics metrics)
    {
        EnergyBreakdown? parts = metrics.Breakdown;
        string? why = metrics.Energy.Joules.NotMeasured ?? parts?.Note;
        yield return ("total", metrics.Energy.Joules.Value, metrics.Energy.Joules.ErrorBound, why);
        yield return ("idle", parts?.IdleJoules, null, why);
        yield return ("loaded-idle", parts?.LoadedIdleJoules, null, why);
        yield return ("dynamic", parts?.DynamicJoules, metrics.Energy.DynamicJoules.ErrorBound, metrics.Energy.DynamicJoules.NotMeasured ?? why);
        yield return ("prefill", parts?.PrefillJoules, parts?.PrefillErrorJoules, why);
        yield return ("decode", parts?.DecodeJoules, parts?.DecodeErrorJoules, why);
        if (parts is not null && Math.Abs(parts.UnsplitJoules) > 1e-9 * parts.TotalJoules)
        {
            yield return ("not split", parts.UnsplitJoules, null, null);
        }
    }

    private static ResultTable Classes(string name, RunMetrics metrics, RequestAttribution? attribution, GridFactors? factors)
    {
        string why = metrics.Energy.Joules.NotMeasured ?? "the energy of the whole run was not measured";
        IEnumerable<(string Class, int? Requests, double? Joules)> rows = attribution is null
            ? metrics.ByClass.Select(one => (one.Class, (int?)one.Counts.Total, (double?)null))
            : [.. attribution.ByClass.Select(one => (one.Class, (int?)one.Requests, (double?)one.Joules)), ("no request", null, attribution.UnattributedJoules)];
        return new ResultTable(
            "attribution-classes",
            [
                new("run", true), new("evidence", true), new("class", true), new("requests", false), new("energy_joules", false), new("share", false),
                new("joules_per_request", false), .. FactorColumns(factors), new("method", true), new("not_measured", true),
            ],
            [.. rows.Select(row => new object?[]
            {
                name, EnumText.Of(metrics.Manifest.Evidence), row.Class, (double?)row.Requests, row.Joules, row.Joules / attribution?.TotalJoules, Per(row.Joules, row.Requests),
            }.Concat(Factors(row.Joules, factors)).Append(attribution?.Method).Append(row.Joules is null ? why : null).ToArray())]);
    }

    private static ResultTable Devices(string name, RunMetrics metrics) => new(
        "attribution-devices",
        [
            new("run", true), new("evidence", true), new("scope", true), new("device", true), new("meter", true), new("method", true), new("energy_joules", false),
            new("error_joules", false), new("mean_watts", false), new("not_measured", true),
        ],
        [.. metrics.Energy.Devices.Select((EnergyReading device) => new object?[]
        {
            name, EnumText.Of(metrics.Manifest.Evidence), EnumText.Of(device.Scope), device.Device ?? device.Meter, device.Meter, device.Method, device.Joules,
            device.ErrorJoules, device.MeanWatts, device.NotMeasured,
        })]);

    private static IEnumerable<ResultColumn> FactorColumns(GridFactors? factors) =>
    [
        new("watt_hours", false),
        .. factors is null ? [] : new ResultColumn[] { new("carbon_grams", false), new("carbon_source", true) },
        .. factors?.PricePerKilowattHour is null ? [] : new ResultColumn[] { new(string.Create(CultureInfo.InvariantCulture, $"cost_{(factors.Currency ?? "units").ToLowerInvariant()}"), false) },
    ];

    private static IEnumerable<object?> Factors(double? joules, GridFactors? factors)
    {
        yield return joules / JoulesPerWattHour;
        if (factors is not null)
        {
            yield return joules is { } energy ? factors.Grams(energy) : null;
            yield return factors.Provenance;
            if (factors.PricePerKilowattHour is not null)
            {
                yield return joules is { } paid ? factors.Cost(paid) : null;
            }
        }
    }

    private static double? Per(double? joules, double? count) => count > 0 ? joules / count : null;
}
