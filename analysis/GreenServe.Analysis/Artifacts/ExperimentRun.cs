using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>One run of an experiment, reduced to its metrics.</summary>
/// <param name="Folder">Where its record lies.</param>
/// <param name="Metrics">What was computed from it.</param>
public sealed record ExperimentRun(string Folder, RunMetrics Metrics)
{
    /// <summary>Its place in the grid; empty for a single run.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Coordinates =>
        Metrics.Manifest.Experiment?.Coordinates ?? new Dictionary<string, JsonNode?>();

    /// <summary>Hardware in words, for example <c>8 x H100-80GB-SXM</c>.</summary>
    public string System => Metrics.Manifest.System is { } system ? $"{system.GpuCount} x {system.Gpu}" : "unknown system";

    /// <summary>Reads a record and computes its metrics; the tables are let go afterwards.</summary>
    public static ExperimentRun Read(string folder) => new(folder, RunMetrics.Of(RunRecord.Read(folder)));

    /// <summary>Reads every record in or below the folders, on all cores, in ordinal order of their paths.</summary>
    public static IReadOnlyList<ExperimentRun> ReadAll(IEnumerable<string> folders)
    {
        IReadOnlyList<string> found = RunRecord.Find(folders);
        ExperimentRun[] runs = new ExperimentRun[found.Count];
        try
        {
            Parallel.For(0, found.Count, index => runs[index] = Read(found[index]));
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is Records.InvalidInputException))
        {
            throw new Records.InvalidInputException(
                exception.InnerExceptions.Cast<Records.InvalidInputException>().SelectMany(inner => inner.Problems));
        }

        return runs;
    }
}
