using System.Text.Json;
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
/// A timer writes the rows. Adding a row never fails: where the disk does, <see cref="Failed"/> says so and <see cref="Complete"/> throws.
/// </remarks>
public sealed class RunRecordWriter : IDisposable
{
    /// <summary>Time between writes to the disk. It leaves room for a busy host within the second that users are promised.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly Dictionary<string, CsvTableWriter> tables = [];
    private readonly SortedDictionary<string, LatencyHistogram> tokenGaps = new(StringComparer.Ordinal);
    private readonly RunManifest started;
    private readonly Func<string, FileMode, Stream> open;
    private readonly CancellationTokenSource failed = new();
    private readonly ITimer timer;

    private RunRecordWriter(string folder, RunManifest started, TimeProvider clock, Func<string, FileMode, Stream> open)
    {
        this.folder = folder;
        this.started = started;
        this.open = open;
        tables[RunFiles.Requests] = new CsvTableWriter(
            Path.Combine(folder, RunFiles.Requests), RunFiles.RequestColumns, FileMode.CreateNew, open);
        timer = clock.CreateTimer(_ => Flush(), state: null, FlushInterval, FlushInterval);
    }

    /// <summary>Is cancelled once a row could not be written, for example because the disk is full. The run should then stop.</summary>
    public CancellationToken Failed => failed.Token;

    /// <summary>Creates a record in a folder that does not exist yet or is empty. Of several runs that try, exactly one succeeds.</summary>
    /// <param name="folder">The folder of the record.</param>
    /// <param name="manifest">What is known when the run begins.</param>
    /// <param name="clock">Clock that tells when rows are due on the disk; <c>null</c> means the system's clock.</param>
    /// <exception cref="InvalidInputException">The folder is not empty, or it cannot be created.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only. The folder stays empty.</exception>
    public static RunRecordWriter Create(string folder, RunManifest manifest, TimeProvider? clock = null) =>
        Create(folder, manifest, clock ?? TimeProvider.System, CsvTableWriter.Open);

    /// <summary>Creates a record whose tables are opened by the given function.</summary>
    internal static RunRecordWriter Create(string folder, RunManifest manifest, TimeProvider clock, Func<string, FileMode, Stream> open)
    {
        OutputFolder.CreateEmpty(folder);
        RunManifest started = manifest with { Verdict = RunVerdict.Interrupted };
        string path = Path.Combine(folder, RunFiles.Manifest);
        if (!OutputFile.TryCreate(path, TextOf(started)))
        {
            throw new InvalidInputException(
                new Problem("output folder", "a folder into which another run writes", "a new or empty folder", folder));
        }

        try
        {
            return new RunRecordWriter(folder, started, clock, open);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            throw WriteFailure.ToOpen(exception, "output folder", "a folder that can be written", folder);
        }
    }

    /// <summary>Adds a request that has ended.</summary>
    public void Add(RequestRecord request)
    {
        lock (gate)
        {
            CsvTableWriter table = Table(RunFiles.Requests, RunFiles.RequestColumns);
            table.Add(request.Id).Add(request.Class)
                .AddSeconds(request.ScheduledSeconds).AddSeconds(request.IssuedSeconds)
                .AddSeconds(request.FirstTokenSeconds).AddSeconds(request.CompletedSeconds)
                .Add(request.InputTokensAsked).Add(request.InputTokensCounted)
                .Add(request.OutputTokensAsked).Add(request.OutputTokensCounted)
                .Add(EnumText.Of(request.Status)).Add(request.Error).Add(request.ServerId)
                .AddSeconds(request.TbtP99Seconds).AddSeconds(request.TbtMaxSeconds)
                .Add(request.EnergyJoules).Add(request.PrefillEnergyJoules)
                .AddSeconds(request.ClientQueueSeconds).AddSeconds(request.LastTokenSeconds)
                .EndRow();
        }
    }

    /// <summary>Adds the time of one token, in runs that keep them.</summary>
    public void Add(TokenTime token)
    {
        lock (gate)
        {
            Table(RunFiles.Tokens, RunFiles.TokenColumns).Add(token.RequestId).Add(token.Index).AddSeconds(token.Seconds).EndRow();
        }
    }

    /// <summary>Adds the gap between two tokens of a completed request, once or several times.</summary>
    public void AddTokenGap(string requestClass, double seconds, long times = 1)
    {
        lock (gate)
        {
            GapsOf(requestClass).Add(seconds, times);
        }
    }

    /// <summary>Adds the token gaps of a request class from a histogram.</summary>
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
        lock (gate)
        {
            GapsOf(requestClass).Add(gaps);
        }
    }

    /// <summary>Adds the histogram of one of the load generator's lags. Each lag may be added once.</summary>
    /// <param name="name">Name of the lag in snake_case, for example <c>schedule</c> or <c>receive</c>.</param>
    /// <param name="lags">The durations of the lag.</param>
    public void AddClientLags(string name, LatencyHistogram lags)
    {
        lock (gate)
        {
            CsvTableWriter table = Table(RunFiles.ClientLags, RunFiles.ClientLagColumns);
            foreach ((int bin, long count) in lags.Bins)
            {
                table.Add(name).Add(bin).AddSeconds(LatencyHistogram.MiddleSeconds(bin)).Add(count).EndRow();
            }
        }
    }

    /// <summary>Adds a meter reading.</summary>
    public void Add(PowerSample sample)
    {
        lock (gate)
        {
            Table(RunFiles.Power, RunFiles.PowerColumns)
                .Add(sample.Meter).AddSeconds(sample.Seconds).Add(sample.Watts).Add(sample.CumulativeJoules).EndRow();
        }
    }

    /// <summary>Adds a reading of a device's state.</summary>
    public void Add(DeviceReading reading)
    {
        lock (gate)
        {
            Table(RunFiles.Device, RunFiles.DeviceColumns)
                .Add(reading.Device).Add(reading.Quantity).AddSeconds(reading.Seconds).Add(reading.Value).EndRow();
        }
    }

    /// <summary>Adds an engine step.</summary>
    public void Add(EngineStep step)
    {
        lock (gate)
        {
            RunRows.Write(Table(RunFiles.Steps, RunFiles.StepColumns), step);
        }
    }

    /// <summary>Adds a scraped server metric.</summary>
    public void Add(ServerMetric metric)
    {
        lock (gate)
        {
            Table(RunFiles.Server, RunFiles.ServerColumns).Add(metric.Name).AddSeconds(metric.Seconds).Add(metric.Value).EndRow();
        }
    }

    /// <summary>Throws if a row could not be written. A simulation asks now and then, so that it does not go on for nothing.</summary>
    /// <exception cref="UnavailableException">The disk is full.</exception>
    public void ThrowIfFailed()
    {
        if (failed.IsCancellationRequested)
        {
            lock (gate)
            {
                ThrowFailure();
            }
        }
    }

    /// <summary>Ends the record: <paramref name="finish"/> completes the manifest, verdict included.</summary>
    /// <exception cref="UnavailableException">The disk is full. The record stays readable as INVALID (interrupted).</exception>
    public RunVerdict Complete(Func<RunManifest, RunManifest> finish)
    {
        lock (gate)
        {
            WriteTokenGaps();
            SortedDictionary<string, TableSize> sizes = new(StringComparer.Ordinal);
            foreach ((string name, CsvTableWriter table) in tables)
            {
                sizes[name] = table.Measure();
            }

            ThrowFailure();
            Close();
            RunManifest manifest = finish(started) with { Tables = sizes };
            OutputFile.Replace(Path.Combine(folder, RunFiles.Manifest), TextOf(manifest));
            return manifest.Verdict;
        }
    }

    /// <summary>Ends the record as <see cref="Complete"/> does, and adds to its verdict what <see cref="RunJudge"/> finds.</summary>
    /// <inheritdoc cref="Complete" />
    public RunVerdict CompleteJudged(Func<RunManifest, RunManifest> finish) => Complete(start => RunJudge.Judged(finish(start), folder));

    /// <inheritdoc />
    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            Close();
        }

        failed.Dispose();
    }

    private void Close()
    {
        foreach (CsvTableWriter table in tables.Values)
        {
            table.Dispose();
        }

        tables.Clear();
    }

    private static string TextOf(RunManifest manifest) => JsonSerializer.Serialize(manifest, DocumentContract.Indented) + "\n";

    private LatencyHistogram GapsOf(string requestClass)
    {
        if (!tokenGaps.TryGetValue(requestClass, out LatencyHistogram? histogram))
        {
            tokenGaps[requestClass] = histogram = new LatencyHistogram();
        }

        return histogram;
    }

    private CsvTableWriter Table(string name, string[] columns)
    {
        if (!tables.TryGetValue(name, out CsvTableWriter? table))
        {
            tables[name] = table = CsvTableWriter.CreateOrDrop(Path.Combine(folder, name), columns, open);
        }

        return table;
    }

    private void WriteTokenGaps()
    {
        foreach ((string requestClass, LatencyHistogram gaps) in tokenGaps)
        {
            CsvTableWriter table = Table(RunFiles.TokenGaps, RunFiles.TokenGapColumns);
            foreach ((int bin, long count) in gaps.Bins)
            {
                table.Add(requestClass).Add(bin).AddSeconds(LatencyHistogram.MiddleSeconds(bin)).Add(count)
                    .Add(gaps.BinSumSeconds(bin)).Add(gaps.BinSumSquareSeconds(bin)).EndRow();
            }
        }

        tokenGaps.Clear();
    }

    /// <summary>Writes the rows that wait. The timer calls it, and so it throws nothing.</summary>
    private void Flush()
    {
        lock (gate)
        {
            foreach (CsvTableWriter table in tables.Values)
            {
                table.Flush();
            }

            if (Failure is not null)
            {
                // Who waits for this is told on another thread, outside the lock.
                _ = failed.CancelAsync();
            }
        }
    }

    private UnavailableException? Failure => tables.Values.Select(table => table.Failure).FirstOrDefault(failure => failure is not null);

    private void ThrowFailure()
    {
        if (Failure is { } failure)
        {
            throw new UnavailableException($"{failure.Message}; the record keeps what was written before, and is INVALID (interrupted)");
        }
    }
}
