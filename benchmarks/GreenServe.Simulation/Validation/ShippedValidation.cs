using System.Globalization;
using CsvHelper;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// The comparison of the simulator with the published points that comes with this assembly, so that every report can say how wrong a
/// simulated number may be without simulating the points again.
/// </summary>
/// <remarks>
/// The table is <c>profiles/errors/validation.csv</c>. It has the columns of a file of points, and further columns for what the simulator
/// predicted. A test holds it equal to what the simulator predicts and names the command that makes it anew.
/// </remarks>
public static class ShippedValidation
{
    private const string TableResource = "errors/validation.csv";

    private const string RepeatsFolder = "errors/repeats/";

    private static readonly PointMetric[] Metrics = Enum.GetValues<PointMetric>();

    private static readonly Lazy<ValidationReport> Shipped = new(() => Parse(ReadResource(TableResource)) with
    {
        Repeats = [.. RepeatsFiles.SelectMany(file => PointsFile.Parse(ReadResource(file), file, (_, point) => point))],
    });

    /// <summary>Every published point with its prediction, and the repeated measurements that tell their noise.</summary>
    public static ValidationReport Report => Shipped.Value;

    private static readonly Lazy<HashSet<string>> Fitted = new(() =>
        [.. Report.Results.Where(result => result.Point.IsForCalibration).Select(result => ConfigurationOf(result.Point))]);

    /// <summary>
    /// Whether a point marked <c>validation</c> is one that constants of the shipped profiles were fitted to. What was run decides, and not
    /// the identifier: source, accelerator, model, number format, tensor parallelism, load, lengths, clock and stack.
    /// </summary>
    /// <param name="point">The point.</param>
    public static bool WasFittedTo(MeasuredPoint point) => !point.IsForCalibration && Fitted.Value.Contains(ConfigurationOf(point));

    private static IEnumerable<string> RepeatsFiles => typeof(ShippedValidation).Assembly.GetManifestResourceNames()
        .Where(file => file.StartsWith(RepeatsFolder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The table of a validation, in the form that is shipped. Predictions have six digits.</summary>
    internal static string ToCsv(ValidationReport report) => ValidationFiles.Csv(
        [
            .. PointsFile.Columns, "requests", "protocol", "engine", .. Metrics.Select(metric => $"predicted_{EnumText.Of(metric)}"),
            "queueing_ratio", "simulated_gpu", "gpu_bytes_per_second", "gpu_flops_per_second", "weights_per_token", "is_mixture",
            "simulated_precision", "concurrent_requests", "lowered", "skipped",
        ],
        report.Results.Select(Cells));

    /// <summary>Reads a table that <see cref="ToCsv"/> wrote.</summary>
    internal static ValidationReport Parse(string text) => new(PointsFile.Parse(text, TableResource, ReadRow));

    private static string ConfigurationOf(MeasuredPoint point)
    {
        string gpu = GpuCatalog.TryFind(point.Gpu)?.Name ?? point.Gpu;
        string model = PointCatalog.Model(point)?.Name ?? point.Model;
        string precision = PointCatalog.PrecisionOf(point)?.ToString() ?? point.Precision!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{ValidationReport.SourceName(point.Source)}|{gpu}|{model}|{precision}|{point.TensorParallelism ?? 1}|{point.Load}|"
                + $"{point.InputTokens}|{point.OutputTokens}|{point.ClockMegahertz}|{point.Stack}");
    }

    private static object?[] Cells(PointResult result)
    {
        MeasuredPoint point = result.Point;
        SimulatedSetting? setting = result.Setting;
        return
        [
            point.Id, point.Source, point.Split, point.Gpu, point.Model, point.Precision, point.TensorParallelism, point.Load,
            point.InputTokens, point.OutputTokens, point.ClockMegahertz, point.Stack, Rounded(point.TtftSeconds * 1e3),
            Rounded(point.TbtSeconds * 1e3), Rounded(point.OutputTokensPerSecond), Rounded(point.Watts),
            Rounded(point.JoulesPerOutputToken), point.Requests, point.Protocol, result.Engine,
            .. Metrics.Select(metric => Rounded(result.Prediction?.Value(metric))),
            Rounded(result.Prediction?.QueueingShare), setting?.Gpu, setting?.GpuBytesPerSecond, setting?.GpuFlopsPerSecond,
            Rounded(setting?.WeightsPerToken), setting?.IsMixture, setting is null ? null : EnumText.Of(setting.Precision),
            Rounded(setting?.ConcurrentRequests), setting?.Lowered, result.Skipped,
        ];
    }

    private static PointResult ReadRow(CsvReader csv, MeasuredPoint point) => new(
        point,
        PointsFile.OptionalText(csv, "engine"),
        PointsFile.Number(csv, $"predicted_{EnumText.Of(PointMetric.Throughput)}") is null ? null : ReadPrediction(csv),
        PointsFile.OptionalText(csv, "skipped"))
    {
        Setting = PointsFile.OptionalText(csv, "simulated_gpu") is { } gpu ? ReadSetting(csv, gpu, point) : null,
    };

    private static Prediction ReadPrediction(CsvReader csv)
    {
        double?[] values = [.. Metrics.Select(metric => PointsFile.Number(csv, $"predicted_{EnumText.Of(metric)}"))];
        return new Prediction(
            values[(int)PointMetric.Ttft]!.Value,
            values[(int)PointMetric.Tbt],
            values[(int)PointMetric.Throughput]!.Value,
            values[(int)PointMetric.Watts]!.Value,
            values[(int)PointMetric.JoulesPerToken]!.Value,
            PointsFile.Number(csv, "queueing_ratio")!.Value);
    }

    private static SimulatedSetting ReadSetting(CsvReader csv, string gpu, MeasuredPoint point) => new(
        PointsFile.OptionalText(csv, "engine")!,
        gpu,
        PointsFile.Number(csv, "gpu_bytes_per_second")!.Value,
        PointsFile.Number(csv, "gpu_flops_per_second")!.Value,
        PointsFile.Number(csv, "weights_per_token")!.Value,
        bool.Parse(PointsFile.OptionalText(csv, "is_mixture")!),
        EnumText.TryParse(PointsFile.OptionalText(csv, "simulated_precision") ?? "", out Precision precision) ? precision : default,
        point.TensorParallelism ?? 1,
        PointsFile.Number(csv, "concurrent_requests")!.Value)
    {
        Lowered = PointsFile.OptionalText(csv, "lowered"),
    };

    /// <summary>A number with six digits; more would differ from machine to machine.</summary>
    private static string? Rounded(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture);

    private static string ReadResource(string name)
    {
        using StreamReader reader = new(typeof(ShippedValidation).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
