using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
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

    /// <summary>
    /// Hardware in words, for example <c>8 x H100-80GB-SXM</c>, with the host that was predicted for where one was named. Where the record
    /// does not state it, it is the accelerators that were metered, by the names that the driver gives them.
    /// </summary>
    public string System => Metrics.Manifest switch
    {
        { System: { Host: { } host } system } => $"{system.GpuCount} x {system.Gpu} on a host of {host.Text}",
        { System: { } system } => $"{system.GpuCount} x {system.Gpu}",
        { Environment.Gpus: { Count: > 0 } gpus } => string.Join(
            " and ", gpus.GroupBy(gpu => gpu.Split(" (", 2)[0]).Select(group => $"{group.Count()} x {group.Key}")),
        _ => "unknown system",
    };

    /// <summary>The serving engine's name. Where the record names none, what the server calls itself, or else the backend.</summary>
    public string Engine => Metrics.Manifest.System?.Engine
        ?? Metrics.Manifest.Environment.Server
        ?? RecordedBackend.NameOf(Metrics.Manifest.Backend);

    /// <summary>Reads a record and computes its metrics; the tables are not kept.</summary>
    /// <param name="folder">Folder of the record.</param>
    /// <param name="prices">What its energy and its accelerators are priced by; <c>null</c> leaves carbon and cost out.</param>
    /// <exception cref="InvalidInputException">The record is damaged.</exception>
    public static ExperimentRun Read(string folder, PriceList? prices = null) =>
        new(folder, RunMetrics.Of(RunRecord.Read(folder), prices));

    /// <summary>Reads every record in or below the folders, on all cores, in ordinal order of their paths.</summary>
    /// <exception cref="InvalidInputException">Records are damaged; every one of them is named.</exception>
    public static IReadOnlyList<ExperimentRun> ReadAll(IEnumerable<string> folders)
    {
        RecordBatch<ExperimentRun> batch = ReadBatch(folders);
        return batch.Problems.Count == 0 ? batch.Items : throw new InvalidInputException(batch.Problems);
    }

    /// <summary>Reads every record in or below the folders that can be read, on all cores, in ordinal order of their paths.</summary>
    /// <param name="folders">Folders with records, or folders above them.</param>
    /// <param name="known">Runs that were read before. Their records are not read again; <c>null</c> for none.</param>
    /// <exception cref="InvalidInputException">A folder holds no record, or none of the records can be read.</exception>
    public static RecordBatch<ExperimentRun> ReadBatch(IEnumerable<string> folders, IEnumerable<ExperimentRun>? known = null)
    {
        Dictionary<string, ExperimentRun> byPath = (known ?? []).ToDictionary(run => Path.GetFullPath(run.Folder));
        return RecordBatch.Of(
            RecordSearch.In(folders),
            folder => byPath.TryGetValue(Path.GetFullPath(folder), out ExperimentRun? run) ? run with { Folder = folder } : Read(folder),
            isParallel: true);
    }

    /// <summary>Reads the records that can be read, on all cores, in the order given.</summary>
    /// <exception cref="InvalidInputException">None of the records can be read.</exception>
    internal static RecordBatch<ExperimentRun> ReadBatch(RecordSearch records) =>
        RecordBatch.Of(records, folder => Read(folder), isParallel: true);
}
