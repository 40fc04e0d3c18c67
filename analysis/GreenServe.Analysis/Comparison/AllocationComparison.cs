using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Comparison;

/// <summary>Compares what microbenchmarks allocate, from the full JSON reports of BenchmarkDotNet.</summary>
/// <remarks>
/// Allocated bytes hardly depend on the machine, so that one run on each side is enough. Times depend on it and are not compared. A change
/// matters if it is at least 2 % and at least 64 B an operation.
/// </remarks>
public static class AllocationComparison
{
    /// <summary>Pattern of the names of report files in a folder.</summary>
    public const string ReportPattern = "*-report-full*.json";

    // Below either threshold lies the noise of warm-up and of pools.
    private const double Threshold = 0.02;
    private const double ThresholdBytes = 64;

    // Problems quote this many names of each side: enough to see what is compared.
    private const int NamesInAProblem = 3;

    private static readonly MetricDefinition AllocatedBytes = new(
        "allocated_bytes", "allocated per operation", "B", Direction.Lower, _ => Reading.Missing("a microbenchmark is no run"));

    private static readonly GatedMetric Metric = new(AllocatedBytes, Threshold);

    /// <summary>Finds the report files that a path stands for.</summary>
    /// <param name="path">A JSON file, or a folder that is searched with the folders below it.</param>
    /// <returns>The files in the order of their names; empty if the path is neither a JSON file nor a folder with reports.</returns>
    public static IReadOnlyList<string> Find(string path) =>
        Directory.Exists(path) ? [.. Directory.GetFiles(path, ReportPattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : File.Exists(path) && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? [path]
        : [];

    /// <summary>Compares every benchmark that both sides have.</summary>
    /// <param name="baseline">Report files of the baseline.</param>
    /// <param name="candidate">Report files of the candidate.</param>
    /// <exception cref="InvalidInputException">A file is no such report, or the sides have no benchmark in common.</exception>
    public static ComparisonReport Of(IReadOnlyList<string> baseline, IReadOnlyList<string> candidate)
    {
        Dictionary<string, double> before = Read(baseline);
        Dictionary<string, double> after = Read(candidate);
        string[] common = [.. before.Keys.Where(after.ContainsKey)];
        if (common.Length == 0)
        {
            string Names(Dictionary<string, double> side) => string.Join(", ", side.Keys.Take(NamesInAProblem));
            throw new InvalidInputException(
                new Problem("candidate", Names(after), $"benchmarks of the baseline: {Names(before)}", candidate[0]));
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
                    string place = $"$.Benchmarks[{index}].Memory.BytesAllocatedPerOperation";
                    bytes[name] = (double?)benchmark!["Memory"]?["BytesAllocatedPerOperation"]
                        ?? throw Bad(file, place, "nothing: run it with the memory diagnoser (-m)");
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
