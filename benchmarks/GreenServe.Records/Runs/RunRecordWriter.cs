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
public sealed class RunRecordWriter : IDisposable
{
    /// <summary>Longest time between writes to the disk. A killed run loses at most the rows of this time.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly Dictionary<string, CsvTableWriter> tables = [];
    private readonly SortedDictionary<string, LatencyHistogram> tokenGaps = new(StringComparer.Ordinal);
    private readonly RunManifest started;
    private readonly TimeProvider clock;
    private long lastFlush;

    private RunRecordWriter(string folder, RunManifest manifest, TimeProvider clock)
    {
        this.folder = folder;
        this.clock = clock;
        lastFlush = clock.GetTimestamp();
        started = manifest with { Verdict = RunVerdict.Interrupted };
        WriteManifest(started);
        _ = Table(RunFiles.Requests, RunFiles.RequestColumns);
    }

    /// <summary>Creates a record in a folder that does not exist yet or is empty.</summary>
    /// <param name="folder">The folder of the record.</param>
    /// <param name="manifest">What is known when the run begins.</param>
    /// <param name="clock">Clock that tells when rows are due on the disk; <c>null</c> means the system's clock.</param>
    /// <exception cref="InvalidInputException">The folder is not empty, or it cannot be created.</exception>
    public static RunRecordWriter Create(string folder, RunManifest manifest, TimeProvider? clock = null)
    {
        OutputFolder.CreateEmpty(folder);
        return new RunRecordWriter(folder, manifest, clock ?? TimeProvider.System);
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
            FlushWhenDue();
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
            FlushWhenDue();
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

    /// <summary>Ends the record: <paramref name="finish"/> completes the manifest, verdict included.</summary>
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

            RunManifest manifest = finish(started) with { Tables = sizes };
            WriteManifest(manifest);
            return manifest.Verdict;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (gate)
        {
            foreach (CsvTableWriter table in tables.Values)
            {
                table.Dispose();
            }

            tables.Clear();
        }
    }

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
            tables[name] = table = new CsvTableWriter(Path.Combine(folder, name), columns);
        }

        return table;
    }

    private void WriteTokenGaps()
    {
        if (tokenGaps.Count == 0)
        {
            return;
        }

        CsvTableWriter table = Table(RunFiles.TokenGaps, RunFiles.TokenGapColumns);
        foreach ((string requestClass, LatencyHistogram histogram) in tokenGaps)
        {
            foreach ((int bin, long count) in histogram.Bins)
            {
                table.Add(requestClass).Add(bin).AddSeconds(LatencyHistogram.MiddleSeconds(bin)).Add(count)
                    .Add(histogram.BinSumSeconds(bin)).Add(histogram.BinSumSquareSeconds(bin)).EndRow();
            }
        }

        tokenGaps.Clear();
    }

    private void FlushWhenDue()
    {
        if (clock.GetElapsedTime(lastFlush) < FlushInterval)
        {
            return;
        }

        lastFlush = clock.GetTimestamp();
        foreach (CsvTableWriter table in tables.Values)
        {
            table.Flush();
        }
    }

    private void WriteManifest(RunManifest manifest) => OutputFile.Replace(
        Path.Combine(folder, RunFiles.Manifest), JsonSerializer.Serialize(manifest, Documents.DocumentContract.Indented) + "\n");
}
