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

    private const string NoNumber = "no allocated bytes, because it failed or ran without the memory diagnoser";

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
        Dictionary<string, double?> all = Read(baseline);
        Dictionary<string, double?> after = Read(candidate);
        Dictionary<string, double> before = all.Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!.Value);
        string[] common = [.. before.Keys.Where(name => after.GetValueOrDefault(name) is not null)];
        if (common.Length == 0)
        {
            static string Names(IEnumerable<string> side) => string.Join(", ", side.Take(NamesInAProblem));
            throw new InvalidInputException(
                new Problem("candidate", Names(after.Keys), $"benchmarks of the baseline: {Names(before.Keys)}", candidate[0]));
        }

        return new ComparisonReport
        {
            Changes = [.. common.Select(name => Change(name, before[name], after[name]!.Value))],
            Differences = [],
            Notes = [.. OnlyIn("candidate", after.Keys.Except(all.Keys)), .. NotMeasured(all)],
            Lost = [.. before.Keys.Except(common)
                .Select(name => new LostResult(name, after.ContainsKey(name) ? NoNumber : LostResult.Vanished))],
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

    /// <summary>The allocated bytes of each benchmark; <c>null</c> for one that failed, or ran without the memory diagnoser.</summary>
    private static Dictionary<string, double?> Read(IReadOnlyList<string> files)
    {
        Dictionary<string, double?> bytes = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            JsonNode? report = DocumentTree.ReadJson(file).Root;
            try
            {
                JsonArray benchmarks = (report as JsonObject)?["Benchmarks"] as JsonArray ?? throw Bad(file, "$.Benchmarks", "no list");
                foreach ((int index, JsonNode? benchmark) in benchmarks.Index())
                {
                    string name = (string?)(benchmark as JsonObject)?["FullName"]
                        ?? throw Bad(file, $"$.Benchmarks[{index}].FullName", null);
                    bytes[name] = (double?)(benchmark!["Memory"] as JsonObject)?["BytesAllocatedPerOperation"];
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException)
            {
                throw Bad(file, "$", "a value of another kind");
            }
        }

        return bytes.Values.Any(value => value is not null)
            ? bytes
            : throw Bad(files[0], "$.Benchmarks[0].Memory.BytesAllocatedPerOperation", "nothing: run it with the memory diagnoser (-m)");
    }

    private static IEnumerable<string> NotMeasured(Dictionary<string, double?> side)
    {
        string[] names = [.. side.Where(pair => pair.Value is null).Select(pair => pair.Key)];
        return names.Length > 0 ? [$"{NoNumber} in the baseline: {string.Join("; ", names)}"] : [];
    }

    private static IEnumerable<string> OnlyIn(string side, IEnumerable<string> names) =>
        names.Any() ? [$"only in the {side}: {string.Join("; ", names)}"] : [];

    private static InvalidInputException Bad(string file, string place, object? found) =>
        new(new Problem(place, found, "a full JSON report of BenchmarkDotNet (--exporters fulljson -m)", file));
}
