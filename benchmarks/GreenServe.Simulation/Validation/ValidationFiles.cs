using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// The files of a validation: <c>errors.csv</c>, <c>points.csv</c> and <c>errors.md</c>. The tables and figures of the report are made from
/// them.
/// </summary>
public static class ValidationFiles
{
    /// <summary>Name of the file of errors by group.</summary>
    public const string Errors = "errors.csv";

    /// <summary>Name of the file of measured and predicted values, with one row for each point and metric.</summary>
    public const string Points = "points.csv";

    /// <summary>Name of the file of errors as a Markdown table.</summary>
    public const string Table = "errors.md";

    /// <summary>Writes all files. Files that exist are replaced.</summary>
    /// <param name="report">The validation.</param>
    /// <param name="folder">Path of the folder, which must exist.</param>
    public static void Write(ValidationReport report, string folder)
    {
        OutputFile.Replace(Path.Combine(folder, Errors), Csv(
            [
                "group", "name", "split", "metric", "points", "mape_ratio", "bias_ratio", "p90_ratio", "worst_ratio", "worst_id",
                "configurations", "noise_ratio", "noise_pairs",
            ],
            report.Errors().Select(row => new object?[]
            {
                row.Group, row.Name, row.Split, EnumText.Of(row.Metric), row.Points, row.MeanAbsoluteRatio, row.BiasRatio,
                row.AbsoluteRatioP90, row.WorstRatio, row.WorstId, row.Configurations, row.Noise?.MeanAbsoluteLogRatio, row.Noise?.Pairs,
            })));
        OutputFile.Replace(Path.Combine(folder, Points), Csv(
            [
                "id", "source", "split", "gpu", "model", "precision", "tensor_parallelism", "load", "stack", "engine", "metric", "measured",
                "predicted", "queueing_ratio", "skipped",
            ],
            report.Results.SelectMany(PointRows)));
        OutputFile.Replace(Path.Combine(folder, Table), ToMarkdown(report));
    }

    /// <summary>The errors as a Markdown table, in percent, followed by the notes and by the reasons for skipped points.</summary>
    /// <param name="report">The validation.</param>
    public static string ToMarkdown(ValidationReport report)
    {
        StringBuilder text = new();
        text.Append("| group | name | split | metric | points | MAPE % | bias % | p90 % | worst % | worst point | noise % |\n");
        text.Append("|---|---|---|---|---:|---:|---:|---:|---:|---|---|\n");
        foreach (ErrorRow row in report.Errors())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Group} | {row.Name} | {row.Split} | ");
            text.Append(CultureInfo.InvariantCulture, $"{EnumText.Of(row.Metric)} | {row.Points} | ");
            text.Append(CultureInfo.InvariantCulture, $"{100 * row.MeanAbsoluteRatio:F1} | {100 * row.BiasRatio:F1} | ");
            text.Append(CultureInfo.InvariantCulture, $"{100 * row.AbsoluteRatioP90:F1} | {100 * row.WorstRatio:F1} | {row.WorstId} | ");
            text.Append(CultureInfo.InvariantCulture, $"{NoiseOf(row)} |\n");
        }

        foreach (string note in report.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        }

        foreach ((string reason, int points, string names) in report.Skipped())
        {
            text.Append(CultureInfo.InvariantCulture, $"\nSkipped {points}: {reason} ({names})\n");
        }

        return text.ToString();
    }

    /// <summary>How far repeated measurements lie apart, in percent with the number of their pairs, or that nothing was repeated.</summary>
    private static string NoiseOf(ErrorRow row) => row.Noise is { } noise
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * noise.MeanAbsoluteLogRatio:F1} ({noise.Pairs} pairs)")
        : "no repeats";

    private static IEnumerable<object?[]> PointRows(PointResult result)
    {
        foreach (PointMetric metric in Enum.GetValues<PointMetric>())
        {
            if (result.Point.Value(metric) is { } measured)
            {
                MeasuredPoint point = result.Point;
                yield return
                [
                    point.Id, point.Source, point.Split, point.Gpu, point.Model, point.Precision, point.TensorParallelism, point.Load,
                    point.Stack, result.Engine, EnumText.Of(metric), measured, result.Prediction?.Value(metric),
                    result.Prediction?.QueueingShare, result.Skipped,
                ];
            }
        }
    }

    /// <summary>A CSV file of a header and rows. Numbers are in invariant notation, and <c>null</c> is an empty cell.</summary>
    internal static string Csv(string[] header, IEnumerable<object?[]> rows)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        using (CsvWriter csv = new(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }))
        {
            foreach (object?[] row in rows.Prepend([.. header]))
            {
                foreach (object? cell in row)
                {
                    csv.WriteField(Convert.ToString(cell, CultureInfo.InvariantCulture));
                }

                csv.NextRecord();
            }
        }

        return text.ToString();
    }
}
