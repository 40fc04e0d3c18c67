using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>
/// Tables that attribute the energy of runs: to parts, to request classes and to devices. Amounts are in joules and watt-hours and,
/// with factors, in gCO2e and money.
/// </summary>
/// <remarks>
/// Parts and devices are of the steady window; classes and requests of the whole stretch that meters or steps cover. Their totals differ,
/// so each table states its stretch in <c>covers</c>, <c>from_seconds</c> and <c>to_seconds</c>.
/// </remarks>
public static class AttributionTables
{
    private const double JoulesPerWattHour = 3600;

    private static readonly Table<RequestRow> RequestTable = new("attribution-requests",
    [
        StandardColumns.Run.From<RequestRow>(row => row.Run),
        new NumberColumn("id").From<RequestRow>(row => row.Request.Id),
        StandardColumns.Class.From<RequestRow>(row => row.Request.Class),
        AttributionColumns.Energy.From<RequestRow>(row => row.Joules),
        .. Stretch<RequestRow>(AttributionColumns.WholeRun, row => row.Span),
    ]);

    private static readonly Table<DeviceRow> DeviceTable = new("attribution-devices",
    [
        StandardColumns.Run.From<DeviceRow>(row => row.Run),
        StandardColumns.Evidence.From<DeviceRow>(row => row.Evidence),
        new TextColumn("scope").From<DeviceRow>(row => EnumText.Of(row.Reading.Scope)),
        new TextColumn("device").From<DeviceRow>(row => row.Reading.Device ?? row.Reading.Meter),
        new TextColumn("meter").From<DeviceRow>(row => row.Reading.Meter),
        AttributionColumns.Method.From<DeviceRow>(row => row.Reading.Method),
        AttributionColumns.Energy.From<DeviceRow>(row => row.Reading.Joules),
        AttributionColumns.Error.From<DeviceRow>(row => row.Reading.ErrorJoules is > 0 and var error ? error : null),
        new NumberColumn("mean_watts").From<DeviceRow>(row => row.Reading.MeanWatts),
        .. Stretch<DeviceRow>(AttributionColumns.SteadyWindow, row => SpanOf(row.Window)),
        StandardColumns.NotMeasured.From<DeviceRow>(row => row.Reading.NotMeasured),
    ]);

    /// <summary>Attributes the energy of one run.</summary>
    /// <param name="name">Name of the run.</param>
    /// <param name="record">Its record.</param>
    /// <param name="prices">
    /// What a kilowatt-hour emits and costs; <c>null</c> for neither. Parts of a stretch count with its mean by energy.
    /// </param>
    public static RunAttribution Of(string name, RunRecord record, PriceList? prices = null)
    {
        RunMetrics metrics = RunMetrics.Of(record);
        RequestAttribution? requests = RequestAttribution.Of(record, metrics.Steps);
        string evidence = EnumText.Of(metrics.Manifest.Evidence);
        ResultTable[] tables =
        [
            PartTable(PricedStretch.Of(prices, record, metrics.Steps, SpanOf(metrics.Window))).Of(PartsOf(name, metrics)),
            ClassTable(PricedStretch.Of(prices, record, metrics.Steps, requests?.Span)).Of(ClassesOf(name, metrics, requests)),
            DeviceTable.Of(metrics.Energy.Devices.Select(device => new DeviceRow(name, evidence, device, metrics.Window))),
        ];
        return new RunAttribution(name, record.Folder, tables, requests) { StartedAt = record.Manifest.StartedAt };
    }

    /// <summary>Joins the tables of several runs: each table holds the rows of all runs, one run after the other.</summary>
    /// <param name="runs">The runs, attributed with the same factors.</param>
    public static IReadOnlyList<ResultTable> Join(IEnumerable<RunAttribution> runs) =>
        [.. runs.SelectMany(run => run.Tables).GroupBy(table => table.Name).Select(group => ResultTable.Join([.. group]))];

    /// <summary>
    /// Writes the energy of every request of some runs (J) to <c>attribution-requests.csv</c>. The requests are read from their records
    /// again and not kept.
    /// </summary>
    /// <param name="runs">The runs. Those whose energy was not measured have no rows.</param>
    /// <param name="folder">An existing folder; a file of this name is replaced.</param>
    /// <returns>The file; <c>null</c> where the energy of no run was measured, and then none is written.</returns>
    public static string? WriteRequests(IReadOnlyList<RunAttribution> runs, string folder)
    {
        if (runs.All(run => run.Requests is null))
        {
            return null;
        }

        string path = Path.Combine(folder, $"{RequestTable.Name}.csv");
        TableFile.Write(path, RequestTable, runs.SelectMany(RowsOf));
        return path;
    }

    private static IEnumerable<RequestRow> RowsOf(RunAttribution run) => run.Requests is { } requests
        ? requests.Rows(RunRecord.Read(run.Folder).Requests).Select(row => new RequestRow(run.Name, row.Request, row.Joules, requests.Span))
        : [];

    private static Table<PartRow> PartTable(PricedStretch? priced) => new("attribution-parts",
    [
        StandardColumns.Run.From<PartRow>(row => row.Run),
        StandardColumns.Evidence.From<PartRow>(row => row.Evidence),
        new TextColumn("part").From<PartRow>(row => row.Part),
        AttributionColumns.Energy.From<PartRow>(row => row.Joules),
        AttributionColumns.Error.From<PartRow>(row => row.ErrorJoules),
        AttributionColumns.Share.From<PartRow>(row => Ratio(row.Joules, row.TotalJoules)),
        new NumberColumn("joules_per_output_token").From<PartRow>(row => Ratio(row.Joules, row.OutputTokens)),
        new NumberColumn("joules_per_request").From<PartRow>(row => Ratio(row.Joules, row.Requests)),
        .. FactorColumns<PartRow>(priced, row => row.Joules),
        .. Stretch<PartRow>(AttributionColumns.SteadyWindow, row => SpanOf(row.Window)),
        StandardColumns.NotMeasured.From<PartRow>(row => row.Joules is null ? row.NotMeasuredReason : null),
    ]);

    private static Table<ClassRow> ClassTable(PricedStretch? priced) => new("attribution-classes",
    [
        StandardColumns.Run.From<ClassRow>(row => row.Run),
        StandardColumns.Evidence.From<ClassRow>(row => row.Evidence),
        StandardColumns.Class.From<ClassRow>(row => row.Class),
        new NumberColumn("requests").From<ClassRow>(row => row.Requests),
        AttributionColumns.Energy.From<ClassRow>(row => row.Joules),
        AttributionColumns.Share.From<ClassRow>(row => Ratio(row.Joules, row.TotalJoules)),
        new NumberColumn("joules_per_request").From<ClassRow>(row => Ratio(row.Joules, row.Requests)),
        .. FactorColumns<ClassRow>(priced, row => row.Joules),
        .. Stretch<ClassRow>(AttributionColumns.WholeRun, row => row.Span),
        AttributionColumns.Method.From<ClassRow>(row => row.Method),
        StandardColumns.NotMeasured.From<ClassRow>(row => row.Joules is null ? row.NotMeasuredReason : null),
    ]);

    private static IEnumerable<Column<TRow>> FactorColumns<TRow>(PricedStretch? priced, Func<TRow, double?> joules)
    {
        yield return new NumberColumn("watt_hours").From<TRow>(row => joules(row) / JoulesPerWattHour);
        if (priced is null)
        {
            yield break;
        }

        yield return new NumberColumn("carbon_grams").From<TRow>(row => joules(row) is { } energy ? priced.Factors?.Grams(energy) : null);
        yield return AttributionColumns.CarbonSource.From<TRow>(_ => priced.Source);
        if (priced.Grid.HasPrice)
        {
            yield return new NumberColumn($"cost_{(priced.Grid.Currency ?? "units").ToLowerInvariant()}")
                .From<TRow>(row => joules(row) is { } energy ? priced.Factors?.Cost(energy) : null);
        }
    }

    /// <summary>The columns that say which stretch of a run the energy of a row is of.</summary>
    private static IEnumerable<Column<TRow>> Stretch<TRow>(string covers, Func<TRow, (double From, double To)?> span) =>
    [
        AttributionColumns.Covers.From<TRow>(_ => covers),
        AttributionColumns.From.From<TRow>(row => span(row)?.From),
        AttributionColumns.To.From<TRow>(row => span(row)?.To),
    ];

    private static (double From, double To)? SpanOf(MeasurementWindow? window) =>
        window is null ? null : (window.StartSeconds, window.EndSeconds);

    private static IEnumerable<PartRow> PartsOf(string name, RunMetrics metrics)
    {
        EnergyBreakdown? parts = metrics.Breakdown;
        string? reason = metrics.Energy.Joules.NotMeasured ?? parts?.Note;
        PartRow Part(string part, double? joules, double? error = null, string? otherReason = null) => new()
        {
            Run = name,
            Evidence = EnumText.Of(metrics.Manifest.Evidence),
            Part = part,
            Joules = joules,
            ErrorJoules = error,
            TotalJoules = metrics.Energy.Joules.Value,
            OutputTokens = metrics.Traffic?.OutputTokens.Value,
            Requests = metrics.Traffic?.Requests,
            Window = metrics.Window,
            NotMeasuredReason = otherReason ?? reason,
        };

        yield return Part("total", metrics.Energy.Joules.Value, metrics.Energy.Joules.ErrorBound);
        yield return Part("idle", parts?.IdleJoules);
        yield return Part("loaded-idle", parts?.LoadedIdleJoules);
        yield return Part(
            "dynamic", parts?.DynamicJoules, metrics.Energy.DynamicJoules.ErrorBound, metrics.Energy.DynamicJoules.NotMeasured);
        yield return Part("prefill", parts?.PrefillJoules, parts?.PrefillErrorJoules);
        yield return Part("decode", parts?.DecodeJoules, parts?.DecodeErrorJoules);
        if (parts is { HasUnsplit: true })
        {
            yield return Part("not split", parts.UnsplitJoules);
        }
    }

    private static IEnumerable<ClassRow> ClassesOf(string name, RunMetrics metrics, RequestAttribution? attribution)
    {
        ClassRow Row(string requestClass, int? requests, double? joules) => new()
        {
            Run = name,
            Evidence = EnumText.Of(metrics.Manifest.Evidence),
            Class = requestClass,
            Requests = requests,
            Joules = joules,
            TotalJoules = attribution?.TotalJoules,
            Span = attribution?.Span,
            Method = attribution?.Method,
            NotMeasuredReason = metrics.Energy.Joules.NotMeasured ?? "the energy of the whole run was not measured",
        };

        return attribution is null
            ? metrics.ByClass.Select(one => Row(one.Class, one.Counts.Total, joules: null))
            : [.. attribution.ByClass.Select(one => Row(one.Class, one.Requests, one.Joules)),
                Row("no request", requests: null, attribution.UnattributedJoules)];
    }

    private static double? Ratio(double? joules, double? divisor) => divisor > 0 ? joules / divisor : null;

    private readonly record struct RequestRow(string Run, RequestRecord Request, double Joules, (double From, double To) Span);

    private sealed record DeviceRow(string Run, string Evidence, EnergyReading Reading, MeasurementWindow? Window);

    /// <summary>A part of the energy of a run's steady window.</summary>
    private sealed record PartRow
    {
        internal required string Run { get; init; }

        internal required string Evidence { get; init; }

        internal required string Part { get; init; }

        internal required double? Joules { get; init; }

        internal required double? ErrorJoules { get; init; }

        /// <summary>Energy of the whole window (J).</summary>
        internal required double? TotalJoules { get; init; }

        /// <summary>Output tokens delivered in the window.</summary>
        internal required double? OutputTokens { get; init; }

        /// <summary>Requests served in the window.</summary>
        internal required double? Requests { get; init; }

        /// <summary>The steady window; <c>null</c> without one.</summary>
        internal required MeasurementWindow? Window { get; init; }

        /// <summary>Why there is no energy, where there is none.</summary>
        internal required string? NotMeasuredReason { get; init; }
    }

    /// <summary>The energy of the requests of one class in a whole run.</summary>
    private sealed record ClassRow
    {
        internal required string Run { get; init; }

        internal required string Evidence { get; init; }

        internal required string Class { get; init; }

        internal required int? Requests { get; init; }

        internal required double? Joules { get; init; }

        /// <summary>Energy of the whole run (J).</summary>
        internal required double? TotalJoules { get; init; }

        /// <summary>The stretch of the run that the energy covers (s); <c>null</c> where it was not measured.</summary>
        internal required (double From, double To)? Span { get; init; }

        /// <summary>How the energy was laid on requests; <c>null</c> where it was not measured.</summary>
        internal required string? Method { get; init; }

        /// <summary>Why there is no energy, where there is none.</summary>
        internal required string NotMeasuredReason { get; init; }
    }
}

/// <summary>Columns that several of the tables of <see cref="AttributionTables"/> have.</summary>
public static class AttributionColumns
{
    /// <summary>Column of the energy (J).</summary>
    public static NumberColumn Energy { get; } = new("energy_joules") { Unit = "J" };

    /// <summary>Largest error of the energy.</summary>
    public static NumberColumn Error { get; } = new("error_joules") { Unit = "J" };

    /// <summary>Share of the whole energy.</summary>
    public static NumberColumn Share { get; } = new("share");

    /// <summary>How the energy was obtained or laid on requests.</summary>
    public static TextColumn Method { get; } = new("method");

    /// <summary>Which stretch of a run the energy is of: <c>steady window</c> or <c>whole run</c>.</summary>
    public static TextColumn Covers { get; } = new("covers");

    /// <summary>Beginning of that stretch.</summary>
    public static NumberColumn From { get; } = new("from_seconds") { Unit = "s" };

    /// <summary>End of that stretch.</summary>
    public static NumberColumn To { get; } = new("to_seconds") { Unit = "s" };

    /// <summary>The stretch of parts and devices.</summary>
    internal const string SteadyWindow = "steady window";

    /// <summary>The stretch of classes and requests: the part of a run that meters or steps cover.</summary>
    internal const string WholeRun = "whole run";

    /// <summary>Column of the source and date of the carbon intensity.</summary>
    public static TextColumn CarbonSource { get; } = new("carbon_source");
}
