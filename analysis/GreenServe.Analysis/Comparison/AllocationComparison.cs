using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Comparison;

/// <summary>Compares what microbenchmarks allocate, from the full JSON reports of BenchmarkDotNet.</summary>
/// <remarks>
/// Allocated bytes hardly depend on the machine, so one run tells; times do, and are not compared. A change matters from 2 % and 64 B an operation on:
/// below that lies the noise of warm-up and pools.
/// </remarks>
public static class AllocationComparison
{
    /// <summary>Names of the reports inside a folder.</summary>
    public const string ReportPattern = "*-report-full*.json";

    private const double Threshold = 0.02;
    private const double ThresholdBytes = 64;

    private static readonly GatedMetric Metric = new(
        new MetricDefinition("allocated_bytes", "allocated per operation", "B", Direction.Lower, _ => Reading.Missing("a microbenchmark is no run")), Threshold);

    /// <summary>The report files a path stands for: itself, or those in or below a folder; empty if it is something else.</summary>
    public static IReadOnlyList<string> Find(string path) =>
        Directory.Exists(path) ? [.. Directory.GetFiles(path, ReportPattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : File.Exists(path) && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? [path]
        : [];

    /// <summary>Compares every benchmark that both sides have.</summary>
    /// <exception cref="InvalidInputException">A file is no such report, or they have no benchmark in common.</exception>
    public static ComparisonReport Of(IReadOnlyList<string> baseline, IReadOnlyList<string> candidate)
    {
        Dictionary<string, double> before = Read(baseline);
        Dictionary<string, double> after = Read(candidate);
        string[] common = [.. before.Keys.Where(after.ContainsKey)];
        if (common.Length == 0)
        {
            throw new InvalidInputException(new Problem(
                "candidate", string.Join(", ", after.Keys.Take(3)), $"benchmarks of the baseline: {string.Join(", ", before.Keys.Take(3))}", candidate[0]));
        }

        return new ComparisonReport
        {
            Changes = [.. common.Select(name => Change(name, before[name], after[name]))],
            Differences = [],
            Notes = [.. OnlyIn("baseline", before.Keys.Except(common)), .. OnlyIn("candidate", after.Keys.Except(common))],
            LostPoints = [],
            Evidence = "allocations of microbenchmarks",
            Basis = $"A change matters from {Threshold:0 %} and {ThresholdBytes} B on.",
        };
    }

    private static MetricChange Change(string name, double before, double after)
    {
        bool matters = Math.Abs(after - before) >= Math.Max(ThresholdBytes, Threshold * before);
        return new MetricChange
        {
            Metric = Metric,
            Point = name,
            Verdict = !matters ? ChangeVerdict.Same : after > before ? ChangeVerdict.Worse : ChangeVerdict.Better,
            Repetitions = (1, 1),
            Baseline = before,
            Candidate = after,
            Effect = before > 0 ? (after / before) - 1 : after == 0 ? 0 : null,
            Reason = before > 0 || after == 0 ? null : "allocated nothing before",
        };
    }

    private static Dictionary<string, double> Read(IReadOnlyList<string> files)
    {
        Dictionary<string, double> bytes = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            string text = InputFile.ReadText(file);
            try
            {
                JsonArray benchmarks = JsonNode.Parse(text)?["Benchmarks"] as JsonArray ?? throw Bad(file, "$.Benchmarks", "no list");
                foreach ((int index, JsonNode? benchmark) in benchmarks.Index())
                {
                    string name = (string?)benchmark?["FullName"] ?? throw Bad(file, $"$.Benchmarks[{index}].FullName", null);
                    bytes[name] = (double?)benchmark!["Memory"]?["BytesAllocatedPerOperation"]
                        ?? throw Bad(file, $"$.Benchmarks[{index}].Memory.BytesAllocatedPerOperation", "nothing: run it with the memory diagnoser (-m)");
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
            {
                throw Bad(file, "$", exception.Message);
            }
        }

        return bytes;
    }

    private static IEnumerable<string> OnlyIn(string side, IEnumerable<string> names) =>
        names.Any() ? [$"only in the {side}: {string.Join("; ", names)}"] : [];

    private static InvalidInputException Bad(string file, string place, object? found) =>
        new(new Problem(place, found, "a full JSON report of BenchmarkDotNet (--exporters fulljson -m)", file));
}
