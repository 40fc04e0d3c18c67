using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Grids;

/// <summary>One run of an experiment, reduced to its metrics.</summary>
/// <param name="Folder">Where its record lies.</param>
/// <param name="Metrics">What was computed from it.</param>
public sealed record ExperimentRun(string Folder, RunMetrics Metrics)
{
    /// <summary>The run's coordinates in the grid; empty for a single run.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Coordinates =>
        Metrics.Manifest.Experiment?.Coordinates ?? new Dictionary<string, JsonNode?>();

    /// <summary>The run's name in tables and figures, which is that of its folder.</summary>
    internal string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));

    /// <summary>Hardware in words, for example <c>8 x H100-80GB-SXM</c>.</summary>
    public string System => Metrics.Manifest.System is { } system ? $"{system.GpuCount} x {system.Gpu}" : "unknown system";

    /// <summary>The serving engine's name. Where the record names none, what the server calls itself, or else the backend.</summary>
    public string Engine => Metrics.Manifest.System?.Engine
        ?? Metrics.Manifest.Environment.Server
        ?? RecordedBackend.NameOf(Metrics.Manifest.Backend);

    /// <summary>Reads a record and computes its metrics; the tables are not kept.</summary>
    public static ExperimentRun Read(string folder) => new(folder, RunMetrics.Of(RunRecord.Read(folder)));

    /// <summary>Reads every record in or below the folders, on all cores, in ordinal order of their paths.</summary>
    /// <exception cref="InvalidInputException">Records are damaged; every one of them is named.</exception>
    public static IReadOnlyList<ExperimentRun> ReadAll(IEnumerable<string> folders) => ReadEach(RunRecord.Find(folders));

    /// <summary>Reads the records of some folders, on all cores, in the order given.</summary>
    /// <exception cref="InvalidInputException">Records are damaged; every one of them is named.</exception>
    public static IReadOnlyList<ExperimentRun> ReadEach(IReadOnlyList<string> recordFolders)
    {
        ExperimentRun[] runs = new ExperimentRun[recordFolders.Count];
        IReadOnlyList<Problem>[] problems = new IReadOnlyList<Problem>[recordFolders.Count];
        Parallel.For(0, recordFolders.Count, index =>
        {
            try
            {
                problems[index] = [];
                runs[index] = Read(recordFolders[index]);
            }
            catch (InvalidInputException exception)
            {
                problems[index] = exception.Problems;
            }
        });
        return problems.All(list => list.Count == 0) ? runs : throw new InvalidInputException(problems.SelectMany(list => list));
    }
}
