using System.Text.Json.Nodes;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>
/// Writes a run record during the run. Until <see cref="Complete"/>, <c>run.json</c> says INVALID (interrupted), so that the record
/// of a killed run is readable with every request that had ended. A table without rows gets no file. Thread-safe.
/// </summary>
/// <remarks>
/// Adding a row puts it into a bounded queue. Another thread formats and writes it, woken by many rows or by a timer. Adding never fails:
/// where the disk does, <see cref="Failed"/> says so and <see cref="Complete"/> throws.
/// </remarks>
public sealed class RunRecordWriter : IRunRecorder, IDisposable
{
    /// <summary>Time between writes to the disk. It leaves room for a busy host within the second that users are promised.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(250);

    private readonly string folder;
    private readonly RunManifest started;
    private readonly TableSet tables;
    private readonly RowQueue<RequestRecord> requests;
    private readonly RowQueue<TokenTime> tokens;
    private readonly RowQueue<PowerSample> power;
    private readonly RowQueue<DeviceReading> device;
    private readonly RowQueue<EngineStretch> steps;
    private readonly RowQueue<ServerMetric> server;
    private readonly RowQueue<ClusterAction> actions;
    private readonly RowQueue<ClusterSample> cluster;
    private readonly RowQueue<(string Lag, LatencyHistogram Lags)> clientLags;
    private readonly RowQueue<(string Class, LatencyHistogram Gaps)> tokenGaps;
    private readonly SortedDictionary<string, LatencyHistogram> gapsByClass = new(StringComparer.Ordinal);
    private readonly ITimer timer;
    private readonly bool hasTraits;
    private RequestStore? kept = new();
    private int requestCount;
    private double? endOfStepsSeconds;

    private RunRecordWriter(string folder, RunManifest started, TableSet tables, TimeProvider clock)
    {
        this.folder = folder;
        this.started = started;
        this.tables = tables;
        hasTraits = started.Workload is JsonObject workload && (workload["priorities"] ?? workload["adapters"]) is not null;
        requests = tables.Queue<RequestRecord>(hasTraits ? RecordTable.RequestsWithTraits : RecordTable.Requests, WriteRequest);
        tokens = tables.Queue<TokenTime>(RecordTable.Tokens, RunRows.Write);
        power = tables.Queue<PowerSample>(RecordTable.Power, RunRows.Write);
        device = tables.Queue<DeviceReading>(RecordTable.Device, RunRows.Write);
        steps = tables.Queue<EngineStretch>(RecordTable.Steps, WriteStretch);
        server = tables.Queue<ServerMetric>(RecordTable.Server, RunRows.Write);
        actions = tables.Queue<ClusterAction>(RecordTable.Actions, ClusterRows.Write);
        cluster = tables.Queue<ClusterSample>(RecordTable.Cluster, ClusterRows.Write);
        clientLags = tables.Queue<(string Lag, LatencyHistogram Lags)>(RecordTable.ClientLags, RunRows.WriteLags);
        tokenGaps = tables.Queue<(string Class, LatencyHistogram Gaps)>(RecordTable.TokenGaps, RunRows.WriteGaps);
        requests.Open();
        timer = clock.CreateTimer(_ => tables.Flush(), state: null, FlushInterval, FlushInterval);
    }

    /// <summary>Is cancelled once a row could not be written, for example because the disk is full. The run should then stop.</summary>
    public CancellationToken Failed => tables.Failed;

    /// <summary>Creates a record in a folder that does not exist yet or is empty. Of several runs that try, exactly one succeeds.</summary>
    /// <param name="folder">The folder of the record.</param>
    /// <param name="manifest">What is known when the run begins.</param>
    /// <param name="options">How tables are written; <c>null</c> means the defaults.</param>
    /// <param name="clock">Clock that tells when rows are due on the disk; <c>null</c> means the system's clock.</param>
    /// <exception cref="InvalidInputException">The folder is not empty, or it cannot be created.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only. The folder stays empty.</exception>
    public static RunRecordWriter Create(
        string folder, RunManifest manifest, RecordOptions? options = null, TimeProvider? clock = null) =>
        Create(folder, manifest, options ?? new RecordOptions(), clock ?? TimeProvider.System, CsvTableWriter.Open);

    /// <summary>Creates a record whose tables are opened by the given function.</summary>
    internal static RunRecordWriter Create(
        string folder, RunManifest manifest, RecordOptions options, TimeProvider clock, Func<string, FileMode, Stream> open)
    {
        OutputFolder.CreateEmpty(folder);
        RunManifest started = manifest with { Verdict = RunVerdict.Interrupted };
        string path = Path.Combine(folder, RunFiles.Manifest);
        if (!OutputFile.TryCreate(path, TextOf(started)))
        {
            throw new InvalidInputException(
                new Problem("output folder", "a folder into which another run writes", "a new or empty folder", folder));
        }

        TableSet tables = new(folder, options, open);
        RunRecordWriter writer = new(folder, started, tables, clock);
        if (tables.Failure is { } failure)
        {
            writer.Dispose();
            File.Delete(path);
            throw failure;
        }

        return writer;
    }

    /// <summary>Adds a request that has ended.</summary>
    public void Add(RequestRecord request) => requests.Add(request);

    /// <summary>Adds the time of one token, in runs that keep them.</summary>
    public void Add(TokenTime token) => tokens.Add(token);

    /// <summary>Adds the times of several tokens, in runs that keep them.</summary>
    public void Add(ReadOnlySpan<TokenTime> times) => tokens.Add(times);

    /// <summary>Adds the gap between two tokens of a completed request, once or several times.</summary>
    public void AddTokenGap(string requestClass, double seconds, long times = 1)
    {
        lock (gapsByClass)
        {
            GapsOf(requestClass).Add(seconds, times);
        }
    }

    /// <summary>Adds the token gaps of a request class from a histogram.</summary>
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
        lock (gapsByClass)
        {
            GapsOf(requestClass).Add(gaps);
        }
    }

    /// <summary>Adds the histogram of one of the load generator's lags. Each lag may be added once.</summary>
    /// <param name="name">Name of the lag in snake_case, for example <c>schedule</c> or <c>receive</c>.</param>
    /// <param name="lags">The durations of the lag.</param>
    public void AddClientLags(string name, LatencyHistogram lags) => clientLags.Add((name, lags));

    /// <summary>Adds a meter reading.</summary>
    public void Add(PowerSample sample) => power.Add(sample);

    /// <summary>Adds a reading of a device's state.</summary>
    public void Add(DeviceReading reading) => device.Add(reading);

    /// <summary>Adds an engine step whose times are readings of a clock.</summary>
    public void Add(EngineStep step) => steps.Add(RunRows.Rounded(step));

    /// <summary>Adds steps of a simulated engine. Their times keep all digits.</summary>
    public void Add(EngineStretch stretch) => steps.Add(stretch);

    /// <summary>Adds a scraped server metric.</summary>
    public void Add(ServerMetric metric) => server.Add(metric);

    /// <summary>Adds a decision of the policy of a simulated cluster.</summary>
    public void Add(ClusterAction action) => actions.Add(action);

    /// <summary>Adds the state of a simulated cluster, or of a part of it, over an interval.</summary>
    public void Add(ClusterSample sample) => cluster.Add(sample);

    /// <summary>Throws if a row could not be written. A simulation asks now and then, so that it does not go on for nothing.</summary>
    /// <exception cref="UnavailableException">The disk is full.</exception>
    public void ThrowIfFailed()
    {
        if (tables.Failed.IsCancellationRequested)
        {
            ThrowFailure();
        }
    }

    /// <summary>Ends the record: <paramref name="finish"/> completes the manifest, verdict included.</summary>
    /// <returns>The record. Its requests are in memory still, unless they are very many.</returns>
    /// <exception cref="UnavailableException">The disk is full. The record stays readable as INVALID (interrupted).</exception>
    public RunRecord Complete(Func<RunManifest, RunManifest> finish) => Finish((start, _) => finish(start));

    /// <summary>Ends the record as <see cref="Complete"/> does, and adds to its verdict what <see cref="RunJudge"/> finds.</summary>
    /// <inheritdoc cref="Complete" />
    public RunRecord CompleteJudged(Func<RunManifest, RunManifest> finish) => Finish((start, record) =>
    {
        RunManifest finished = finish(start);
        return finished with { Verdict = RunJudge.Judge(finished, record(finished)) };
    });

    /// <inheritdoc />
    public void Dispose()
    {
        timer.Dispose();
        tables.Dispose();
    }

    private RunRecord Finish(Func<RunManifest, Func<RunManifest, RunRecord>, RunManifest> finish)
    {
        foreach ((string requestClass, LatencyHistogram gaps) in gapsByClass)
        {
            tokenGaps.Add((requestClass, gaps));
        }

        IReadOnlyDictionary<string, TableSize> sizes = tables.Complete();
        ThrowFailure();
        RunManifest manifest = finish(started, RecordOf) with { Tables = sizes };
        OutputFile.Replace(Path.Combine(folder, RunFiles.Manifest), TextOf(manifest));
        return RecordOf(manifest);
    }

    private RunRecord RecordOf(RunManifest manifest) => RunRecord.Of(folder, manifest, kept, requestCount);

    private static string TextOf(RunManifest manifest) => DocumentContract.Readable(manifest);

    private LatencyHistogram GapsOf(string requestClass)
    {
        if (!gapsByClass.TryGetValue(requestClass, out LatencyHistogram? histogram))
        {
            gapsByClass[requestClass] = histogram = new LatencyHistogram();
        }

        return histogram;
    }

    private void WriteRequest(TableWriter table, RequestRecord request)
    {
        if (hasTraits)
        {
            RunRows.WriteWithTraits(table, request);
        }
        else
        {
            RunRows.Write(table, request);
        }

        requestCount++;
        kept = requestCount > RequestTable.MaxKeptRequests ? null : kept;
        kept?.Add(request);
    }

    private void WriteStretch(TableWriter table, EngineStretch stretch)
    {
        bool follows = stretch.StartSeconds == endOfStepsSeconds;
        RunRows.Write(table, stretch, follows);
        endOfStepsSeconds = stretch.EndSeconds;
    }

    private void ThrowFailure()
    {
        if (tables.Failure is { } failure)
        {
            throw new UnavailableException($"{failure.Message}; the record keeps what was written before, and is INVALID (interrupted)");
        }
    }
}
