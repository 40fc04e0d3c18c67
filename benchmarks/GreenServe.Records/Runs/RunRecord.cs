using System.Text.Json.Nodes;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>A run record on disk. A table is read when it is first asked for, and then kept in memory.</summary>
/// <remarks>A record is the only bridge from measuring to analysis: it can be analysed again without the hardware.</remarks>
public sealed class RunRecord
{
    private readonly Lazy<IReadOnlyCollection<RequestRecord>> requests;
    private readonly Lazy<IReadOnlyList<EngineStep>> steps;
    private readonly Lazy<IReadOnlyList<PowerSample>> power;
    private readonly Lazy<IReadOnlyDictionary<string, MeterSeries>> meterReadings;
    private readonly Lazy<IReadOnlyList<DeviceReading>> device;
    private readonly Lazy<IReadOnlyList<ServerMetric>> server;
    private readonly Lazy<IReadOnlyList<ClusterAction>> actions;
    private readonly Lazy<IReadOnlyList<ClusterSample>> cluster;
    private readonly Lazy<IReadOnlyList<TokenTime>> tokenTimes;
    private readonly Lazy<IReadOnlyDictionary<string, LatencyHistogram>> tokenGaps;
    private readonly Lazy<IReadOnlyDictionary<string, LatencyHistogram>> clientLags;

    private readonly RunRecordMemory? memory;

    private RunRecord(string folder, RunManifest manifest, RequestTable? written = null, RunRecordMemory? memory = null)
    {
        Folder = folder;
        Manifest = manifest;
        this.memory = memory;
        requests = new(() => written ?? ReadRequests());
        steps = new(() => [.. StreamSteps()]);
        power = new(() => [.. StreamPower()]);
        meterReadings = new(ReadMeters);
        device = new(() => Rows(RunFiles.Device, RunFiles.DeviceColumns, RunRows.Device));
        server = new(() => Rows(RunFiles.Server, RunFiles.ServerColumns, RunRows.Server));
        actions = new(() => memory?.Actions ?? Rows(RunFiles.Actions, RunFiles.ActionColumns, ClusterRows.Action));
        cluster = new(() => memory?.ClusterSamples ?? Rows(RunFiles.Cluster, RunFiles.ClusterColumns, ClusterRows.Sample));
        tokenTimes = new(() => Rows(RunFiles.Tokens, RunFiles.TokenColumns, RunRows.Token));
        tokenGaps = new(() => memory is not null
            ? memory.TokenGaps
            : ReadHistograms(RunFiles.TokenGaps, RunFiles.RequiredTokenGapColumns, RunRows.TokenGap));
        clientLags = new(() => ReadHistograms(RunFiles.ClientLags, RunFiles.ClientLagColumns, RunRows.ClientLag));
    }

    /// <summary>The folder of the record; empty for a record in memory.</summary>
    public string Folder { get; }

    /// <summary>The content of <c>run.json</c>.</summary>
    public RunManifest Manifest { get; }

    /// <summary>
    /// Every request that ended, in the order in which they were written, for any number of passes. Of more than a million, each pass reads
    /// the table again, and none is kept.
    /// </summary>
    public IReadOnlyCollection<RequestRecord> Requests => requests.Value;

    /// <summary>Engine steps in time order, kept in memory; empty if the backend logs none.</summary>
    public IReadOnlyList<EngineStep> Steps => steps.Value;

    /// <summary>The engine steps in time order, for one pass, stretch by stretch.</summary>
    public IEnumerable<EngineStretch> StreamStretches() =>
        memory?.Stretches ?? Stream<EngineStretch>(RunFiles.Steps, RunFiles.RequiredStepColumns, table => new StretchRows(table).Read);

    /// <summary>The engine steps in time order, for one pass. None is kept.</summary>
    public IEnumerable<EngineStep> StreamSteps()
    {
        foreach (EngineStretch stretch in StreamStretches())
        {
            for (int index = 0; index < stretch.Count; index++)
            {
                yield return stretch.Step(index);
            }
        }
    }

    private bool HasPowerFromSteps =>
        Manifest.Meters.Any(meter => meter.IsFromSteps)
        && (memory is not null ? memory.Power.Count == 0 : !TableReader.Exists(Path.Combine(Folder, RunFiles.Power)));

    /// <summary>The meter readings in the order in which they were written, for one pass.</summary>
    /// <remarks>Where the power of a simulated engine is not stored, they are those that a counter takes from its steps.</remarks>
    private IEnumerable<PowerSample> StreamPower() => HasPowerFromSteps
        ? PowerSampler.Read(StreamStretches())
        : memory?.Power ?? Stream<PowerSample>(RunFiles.Power, RunFiles.PowerColumns, _ => RunRows.Power);

    /// <summary>Meter readings in the order in which they were written; empty if there was no meter.</summary>
    public IReadOnlyList<PowerSample> Power => power.Value;

    /// <summary>
    /// The meter readings as columns, by the meter's name. They take a tenth of the memory of <see cref="Power"/>.
    /// </summary>
    public IReadOnlyDictionary<string, MeterSeries> MeterReadings => meterReadings.Value;

    /// <summary>
    /// Readings of clocks, temperatures, throttling and the like, in the order in which they were written; empty if none were
    /// taken.
    /// </summary>
    public IReadOnlyList<DeviceReading> Device => device.Value;

    /// <summary>Scraped metrics of the server in time order; empty if it was not scraped.</summary>
    public IReadOnlyList<ServerMetric> ServerMetrics => server.Value;

    /// <summary>The decisions of the policy that controlled a simulated cluster, in time order; empty without a policy.</summary>
    public IReadOnlyList<ClusterAction> Actions => actions.Value;

    /// <summary>The state of a simulated cluster over time, in time order; empty if it was not kept.</summary>
    public IReadOnlyList<ClusterSample> ClusterSamples => cluster.Value;

    /// <summary>The time of every token; empty if the run did not keep them.</summary>
    public IReadOnlyList<TokenTime> TokenTimes => tokenTimes.Value;

    /// <summary>Gaps between tokens of completed requests, by class; empty if not kept.</summary>
    public IReadOnlyDictionary<string, LatencyHistogram> TokenGaps => tokenGaps.Value;

    /// <summary>Lags of the load generator by name, for example <c>schedule</c>; empty if not kept.</summary>
    public IReadOnlyDictionary<string, LatencyHistogram> ClientLags => clientLags.Value;

    /// <summary>Opens the record in a folder.</summary>
    /// <exception cref="InvalidInputException">The folder holds no record, a damaged one, or one of a newer format.</exception>
    public static RunRecord Read(string folder) => new(folder, ReadManifest(folder));

    /// <summary>A record whose rows are in memory.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="memory">The rows.</param>
    internal static RunRecord Of(RunManifest manifest, RunRecordMemory memory) => new("", manifest, memory.Requests, memory);

    /// <summary>A copy of this record with another SLO. What was measured, and the record on disk, stay as they are.</summary>
    /// <param name="slo">The SLO; <c>null</c> for none.</param>
    public RunRecord WithSlo(SloProfile? slo) => new(Folder, Manifest with { Slo = slo }, memory?.Requests, memory);

    /// <summary>The record in a folder with a manifest that is not written yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="kept">Every request of the run; <c>null</c> where there were too many to keep.</param>
    /// <param name="requests">Number of requests.</param>
    internal static RunRecord Of(string folder, RunManifest manifest, RequestStore? kept, int requests)
    {
        // The rows are read from the file where they are not kept. They were checked when they were made.
        RunRecord file = new(folder, manifest);
        return new RunRecord(folder, manifest, RequestTable.Of(kept, requests, file.StreamRequests));
    }

    /// <summary>Opens every record in or below the given folders, in ordinal order of their paths.</summary>
    /// <exception cref="InvalidInputException">A folder is missing or holds no record.</exception>
    public static IEnumerable<RunRecord> ReadAll(IEnumerable<string> folders) => Find(folders).Select(Read);

    /// <summary>The folders of every record in or below the given folders, in ordinal order.</summary>
    /// <exception cref="InvalidInputException">A folder is missing, holds no record, or cannot be looked into.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> folders)
    {
        RecordSearch search = RecordSearch.In(folders);
        return search.Problems.Count == 0 ? search.Folders : throw new InvalidInputException(search.Problems);
    }

    /// <summary>Visits every row of a table without keeping any; does nothing where the record has no such table.</summary>
    /// <remarks>Readings of power that are not stored, because they follow from the steps, are visited too.</remarks>
    /// <exception cref="InvalidInputException">The table is damaged.</exception>
    public void ForEachRow(RecordTable table, Action<IRecordRow> visit)
    {
        if (table.File == RunFiles.Power && HasPowerFromSteps)
        {
            foreach (PowerSample sample in StreamPower())
            {
                visit(new PowerRow(sample));
            }

            return;
        }

        using TableReader? reader = Open(table.File, []);
        foreach (bool _ in reader is null ? [] : RowsOf(table.File, reader, RunRows.VisitorOf(table, reader, visit)))
        {
        }
    }

    /// <summary>Every way in which the tables are not those that the run wrote; empty if they are whole.</summary>
    /// <remarks>A record of an earlier version does not state what it wrote. That is a problem too.</remarks>
    public IReadOnlyList<Problem> CheckTables() => Manifest.Tables is { } sizes
        ? [.. sizes.SelectMany(pair => pair.Value.ProblemsOf(Path.Combine(Folder, pair.Key)))]
        : [new Problem("$.tables", null, "the size of each table", Path.Combine(Folder, RunFiles.Manifest))];

    private RequestTable ReadRequests()
    {
        // The writer makes this table first. Without it the run seems to have served nothing.
        if (!Manifest.Verdict.IsInterrupted && !TableReader.Exists(Path.Combine(Folder, RunFiles.Requests)))
        {
            throw new InvalidInputException(
                new Problem("table", null, "the requests of the run", Path.Combine(Folder, RunFiles.Requests)));
        }

        return RequestTable.Of(StreamRequests);
    }

    private IEnumerable<RequestRecord> StreamRequests() =>
        Stream<RequestRecord>(RunFiles.Requests, RunFiles.RequiredRequestColumns, table => new RequestRows(table).Read);

    /// <summary>Reads the rows of a table one by one; none where the record has no such table.</summary>
    private IEnumerable<T> Stream<T>(string name, string[] required, Func<TableReader, Func<TableReader, T>> reading)
    {
        using TableReader? table = Open(name, required);
        foreach (T row in table is null ? [] : RowsOf(name, table, reading(table)))
        {
            yield return row;
        }
    }

    private static RunManifest ReadManifest(string folder)
    {
        string path = Path.Combine(folder, RunFiles.Manifest);
        DocumentTree document = DocumentTree.ParseJson(InputFile.ReadRegularText(path), path);
        if (document.Root is JsonObject manifest)
        {
            // A newer version may hold what this build does not know. So its number is all that is told.
            JsonNode? version = manifest["schema_version"];
            if (version is not JsonValue value || !value.TryGetValue(out int number) || number is < 1 or > RunManifest.CurrentSchemaVersion)
            {
                string allowed = $"1 to {RunManifest.CurrentSchemaVersion} (a newer record needs a newer greenserve)";
                throw new InvalidInputException(new Problem(
                    "$.schema_version", version?.ToJsonString() ?? "no version", allowed, path, document.LineOf("$.schema_version")));
            }
        }

        return document.BindWritten<RunManifest>();
    }

    /// <summary>Opens a table; <c>null</c> where the run wrote none.</summary>
    /// <exception cref="InvalidInputException">The run wrote rows, and there is no file.</exception>
    private TableReader? Open(string name, string[] required)
    {
        string path = Path.Combine(Folder, name);
        TableReader? reader = TableReader.Open(path, required, toleratesBrokenLastRow: Manifest.Verdict.IsInterrupted);
        return reader is null && WrittenRows(name) is > 0 and var rows
            ? throw new InvalidInputException(new Problem("table", null, $"the {rows} rows that the run wrote", path))
            : reader;
    }

    /// <summary>The rows of a table, one by one. At their end it throws unless there are as many as the run wrote.</summary>
    private IEnumerable<T> RowsOf<T>(string name, TableReader reader, Func<TableReader, T> read)
    {
        long count = 0;
        foreach (T row in reader.Rows(read))
        {
            count++;
            yield return row;
        }

        if (WrittenRows(name) is { } written && written != count)
        {
            throw new InvalidInputException(
                new Problem("rows", count, $"the {written} rows that the run wrote", Path.Combine(Folder, name)));
        }
    }

    /// <summary>Rows that the run wrote into a table; <c>null</c> where the record does not state it.</summary>
    private long? WrittenRows(string name) =>
        !Manifest.Verdict.IsInterrupted && Manifest.Tables?.TryGetValue(name, out TableSize? size) == true ? size.Rows : null;

    private IReadOnlyDictionary<string, MeterSeries> ReadMeters()
    {
        try
        {
            return MeterSeries.ByMeter(StreamPower());
        }
        catch (InvalidInputException exception)
        {
            string file = Path.Combine(Folder, RunFiles.Power);
            throw new InvalidInputException(exception.Problems.Select(problem => problem with { File = problem.File ?? file }));
        }
    }

    private List<T> Rows<T>(string name, string[] required, Func<TableReader, T> read) => [.. Stream<T>(name, required, _ => read)];

    private Dictionary<string, LatencyHistogram> ReadHistograms(
        string file, string[] columns, Func<TableReader, HistogramRow> read)
    {
        Dictionary<string, LatencyHistogram> result = [];
        HashSet<(string, int)> seen = [];
        _ = Rows(file, columns, reader =>
        {
            HistogramRow row = read(reader);
            if (!seen.Add((row.Name, row.Bin)))
            {
                throw reader.Bad("bin", $"{row.Bin}", "each bin once");
            }

            if (!result.TryGetValue(row.Name, out LatencyHistogram? histogram))
            {
                result[row.Name] = histogram = new LatencyHistogram();
            }

            row.AddTo(histogram);
            return true;
        });
        return result;
    }
}
