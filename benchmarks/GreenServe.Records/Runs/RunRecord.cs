using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>A run record that was read back. Tables are read when first asked for, and kept.</summary>
/// <remarks>The only bridge from measuring to analysis: anyone can re-analyse it, without the hardware.</remarks>
public sealed class RunRecord
{
    private readonly Lazy<IReadOnlyList<RequestRecord>> requests;
    private readonly Lazy<IReadOnlyList<EngineStep>> steps;
    private readonly Lazy<IReadOnlyList<PowerSample>> power;
    private readonly Lazy<IReadOnlyDictionary<string, MeterSeries>> meterReadings;
    private readonly Lazy<IReadOnlyList<DeviceReading>> device;
    private readonly Lazy<IReadOnlyList<ServerMetric>> server;
    private readonly Lazy<IReadOnlyDictionary<string, LatencyHistogram>> tokenGaps;
    private readonly Lazy<IReadOnlyDictionary<string, LatencyHistogram>> clientLags;

    private RunRecord(string folder, RunManifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
        requests = new(() => Rows(RunFiles.Requests, RunFiles.RequestColumns[..12], RunRows.Request));
        steps = new(() => Rows(RunFiles.Steps, RunFiles.StepColumns[..5], RunRows.Step));
        power = new(() => Rows(RunFiles.Power, RunFiles.PowerColumns, RunRows.Power));
        meterReadings = new(ReadMeters);
        device = new(() => Rows(RunFiles.Device, RunFiles.DeviceColumns, RunRows.Device));
        server = new(() => Rows(RunFiles.Server, RunFiles.ServerColumns, RunRows.Server));
        tokenGaps = new(() => ReadHistograms(RunFiles.TokenGaps, RunFiles.TokenGapColumns, RunRows.TokenGap));
        clientLags = new(() => ReadHistograms(RunFiles.ClientLags, RunFiles.ClientLagColumns, RunRows.ClientLag));
    }

    /// <summary>The folder it was read from.</summary>
    public string Folder { get; }

    /// <summary>Everything that is not a table.</summary>
    public RunManifest Manifest { get; }

    /// <summary>Every request that ended, in the order written.</summary>
    public IReadOnlyList<RequestRecord> Requests => requests.Value;

    /// <summary>Engine steps in time order; empty if the backend does not tell.</summary>
    public IReadOnlyList<EngineStep> Steps => steps.Value;

    /// <summary>Meter readings in the order written; empty if there was no meter.</summary>
    public IReadOnlyList<PowerSample> Power => power.Value;

    /// <summary>The same readings as columns, by meter: a tenth of the memory, and what energy is computed from.</summary>
    public IReadOnlyDictionary<string, MeterSeries> MeterReadings => meterReadings.Value;

    /// <summary>Readings of clocks, temperatures, throttling and the like in the order written; empty if none were taken.</summary>
    public IReadOnlyList<DeviceReading> Device => device.Value;

    /// <summary>Scraped metrics of the server in time order; empty if it was not scraped.</summary>
    public IReadOnlyList<ServerMetric> ServerMetrics => server.Value;

    /// <summary>Gaps between tokens of completed requests, by class; empty if not kept.</summary>
    public IReadOnlyDictionary<string, LatencyHistogram> TokenGaps => tokenGaps.Value;

    /// <summary>Lags of the load generator by name, for example <c>schedule</c>; empty if not kept.</summary>
    public IReadOnlyDictionary<string, LatencyHistogram> ClientLags => clientLags.Value;

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidInputException">It is no record, a newer one, or damaged.</exception>
    public static RunRecord Read(string folder) => new(folder, ReadManifest(folder));

    /// <summary>Every record in or below the given folders, in ordinal order of their paths.</summary>
    /// <exception cref="InvalidInputException">A folder is missing or holds no record.</exception>
    public static IEnumerable<RunRecord> ReadAll(IEnumerable<string> folders) => Find(folders).Select(Read);

    /// <summary>The folders of every record in or below the given folders, in ordinal order.</summary>
    /// <exception cref="InvalidInputException">A folder is missing or holds no record.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> folders)
    {
        List<string> found = [];
        List<Problem> problems = [];
        foreach (string folder in folders)
        {
            string[] manifests = Directory.Exists(folder)
                ? Directory.GetFiles(folder, RunFiles.Manifest, SearchOption.AllDirectories)
                : [];
            if (manifests.Length == 0)
            {
                problems.Add(new Problem("records", Directory.Exists(folder) ? $"no {RunFiles.Manifest}" : null, "a folder with run records", folder));
            }

            Array.Sort(manifests, StringComparer.Ordinal);
            found.AddRange(manifests.Select(path => Path.GetDirectoryName(path)!));
        }

        return problems.Count == 0 ? found : throw new InvalidInputException(problems);
    }

    /// <summary>Visits every row of a table without keeping any; does nothing where the record has no such table.</summary>
    /// <exception cref="InvalidInputException">The table is damaged.</exception>
    public void ForEachRow(RecordTable table, Action<IRecordRow> visit)
    {
        using TableReader? reader = Open(table.File, []);
        foreach (bool _ in reader?.Rows(row => Visit(row, visit)) ?? [])
        {
        }
    }

    private static bool Visit(IRecordRow row, Action<IRecordRow> visit)
    {
        visit(row);
        return true;
    }

    private static RunManifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, RunFiles.Manifest);
        string text = InputFile.ReadText(path);
        try
        {
            JsonNode? node = JsonNode.Parse(text);
            if (node?["schema_version"] is not JsonValue value || !value.TryGetValue(out int version) || version is < 1 or > RunManifest.CurrentSchemaVersion)
            {
                string found = node?["schema_version"]?.ToJsonString() ?? "no version";
                throw new InvalidInputException(
                    new Problem("$.schema_version", found, $"1 to {RunManifest.CurrentSchemaVersion} (a newer record needs a newer greenserve)", path));
            }

            return node.Deserialize<RunManifest>(DocumentContract.Options)
                ?? throw new InvalidInputException(new Problem("$", null, "a run manifest", path));
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                new Problem(exception.Path ?? "$", exception.Message, "a run manifest", path, (int?)exception.LineNumber + 1));
        }
    }

    private TableReader? Open(string name, string[] required)
    {
        bool interrupted = Manifest.Verdict.IsInterrupted;
        return TableReader.Open(Path.Combine(Folder, name), required, toleratesBrokenLastRow: interrupted);
    }

    private IReadOnlyDictionary<string, MeterSeries> ReadMeters()
    {
        using TableReader? reader = Open(RunFiles.Power, RunFiles.PowerColumns);
        try
        {
            return MeterSeries.ByMeter(reader?.Rows(RunRows.Power) ?? []);
        }
        catch (InvalidInputException exception)
        {
            string file = Path.Combine(Folder, RunFiles.Power);
            throw new InvalidInputException(exception.Problems.Select(problem => problem with { File = problem.File ?? file }));
        }
    }

    private List<T> Rows<T>(string name, string[] required, Func<TableReader, T> read)
    {
        using TableReader? reader = Open(name, required);
        if (reader is null)
        {
            return [];
        }

        // Sized beforehand and kept: a table of a million rows is not copied.
        List<T> rows = new(reader.EstimatedRows);
        rows.AddRange(reader.Rows(read));
        return rows;
    }

    private Dictionary<string, LatencyHistogram> ReadHistograms(
        string file, string[] columns, Func<TableReader, (string Name, int Bin, long Count)> read)
    {
        Dictionary<string, LatencyHistogram> result = [];
        foreach ((string name, int bin, long count) in Rows(file, columns, read))
        {
            if (!result.TryGetValue(name, out LatencyHistogram? histogram))
            {
                result[name] = histogram = new LatencyHistogram();
            }

            histogram.AddBin(bin, count);
        }

        return result;
    }
}
