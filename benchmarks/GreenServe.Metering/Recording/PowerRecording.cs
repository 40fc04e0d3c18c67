using System.ComponentModel.DataAnnotations;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Metering.Recording;

/// <summary>Records every meter of a catalog, each source on its own thread, until it is stopped.</summary>
/// <remarks>
/// Reading never waits for writing. Readings pass through bounded buffers whose losses are counted, and one further thread writes
/// them. The summary says what all this cost in processor time.
/// </remarks>
public sealed class PowerRecording : IAsyncDisposable
{
    /// <summary>Keeps the share of processor time finite where a recording is stopped at the instant it began (s).</summary>
    private const double ShortestRecordingSeconds = 1e-9;

    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest wait for a thread to end. A call of a healthy driver takes milliseconds, and a stuck one must not hold up the run.
    /// </summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly MeterCatalog catalog;
    private readonly RunClock clock;
    private readonly IMeterSink sink;
    private readonly double startSeconds;
    private readonly List<Lane> lanes = [];
    private readonly ManualResetEventSlim stopWriting = new(false);
    private readonly Thread writer;
    private double writerProcessorSeconds;
    private PowerRecordingSummary? summary;

    private PowerRecording(MeterCatalog catalog, RunClock clock, IMeterSink sink, RecordingOptions options)
    {
        this.catalog = catalog;
        this.clock = clock;
        this.sink = sink;
        startSeconds = clock.Seconds;
        int counters = Math.Max(1, catalog.Sources.Count(source => source.Meters.Any(meter => meter.IsCounter)));
        foreach (IMeterSource source in catalog.Sources)
        {
            MeterSampler sampler = new(source, clock, options.CostBudgetRatio / counters, catalog.LastSearch(source));
            bool readsAtStop = source.Need != SamplingNeed.WhenDelivered;
            lanes.Add(new Lane(source, sampler, new SamplerThread(source.Name, sampler, clock, readsAtStop)));
        }

        writer = new Thread(Write) { Name = "meter writer", IsBackground = true };
        writer.Start();
    }

    /// <summary>Starts to record into a run record.</summary>
    /// <param name="meters">The meters. The caller disposes them after the recording.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="record">The record that receives the readings.</param>
    /// <param name="options">The cost budget; <c>null</c> for the defaults.</param>
    public static PowerRecording Start(MeterCatalog meters, RunClock clock, RunRecordWriter record, RecordingOptions? options = null) =>
        Start(meters, clock, Into(record), options);

    /// <summary>Makes a sink that writes into a run record.</summary>
    /// <param name="record">The record that receives the readings.</param>
    public static IMeterSink Into(RunRecordWriter record) => new RecordSink(record);

    /// <summary>Starts to record into any sink.</summary>
    /// <param name="meters">The meters. The caller disposes them after the recording.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="sink">The sink that receives the readings.</param>
    /// <param name="options">The cost budget; <c>null</c> for the defaults.</param>
    public static PowerRecording Start(MeterCatalog meters, RunClock clock, IMeterSink sink, RecordingOptions? options = null) =>
        new(meters, clock, sink, options ?? new RecordingOptions());

    /// <summary>
    /// Says that a window will begin or end at a moment. Every counter is then read densely around it, so that the error at the edge
    /// is at most half a refresh on every device.
    /// </summary>
    /// <param name="atSeconds">The moment (s from the start of the run), now or later.</param>
    public void WatchEdge(double atSeconds)
    {
        foreach (Lane lane in lanes)
        {
            lane.Thread.Watch(atSeconds);
        }
    }

    /// <summary>Takes a last reading of every meter and writes what is left. A second call returns the first summary again.</summary>
    /// <returns>What was recorded, what it cost, and what speaks against the run.</returns>
    public async ValueTask<PowerRecordingSummary> StopAsync()
    {
        // Each thread ends when its last read returns, after up to a few milliseconds; the caller's thread is free meanwhile.
        summary ??= await Task.Run(Stop).ConfigureAwait(false);
        return summary;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (Lane lane in lanes)
        {
            lane.Thread.Dispose();
        }

        stopWriting.Dispose();
    }

    private PowerRecordingSummary Stop()
    {
        foreach (Lane lane in lanes)
        {
            lane.Thread.BeginStop();
        }

        Dictionary<IMeterSource, string> stuck = [];
        foreach ((IMeterSource source, MeterSampler sampler, SamplerThread thread) in lanes)
        {
            if (!thread.Join(LongestStop))
            {
                stuck[source] = FormattableString.Invariant($"a read of {source.Name} has not returned for {LongestStop.TotalSeconds} s");
            }
            else if (thread.Failure is { } failure)
            {
                stuck[source] = $"reading {source.Name} ended with {failure.GetType().Name}: {failure.Message}";
            }

            catalog.Keep(source, new RefreshSearch(sampler.RefreshSeconds));
        }

        double endSeconds = clock.Seconds;
        stopWriting.Set();
        writer.Join();
        return Summarize(stuck, endSeconds);
    }

    private PowerRecordingSummary Summarize(Dictionary<IMeterSource, string> stuck, double endSeconds)
    {
        List<MeterDescription> meters = [.. catalog.NotMeasured];
        List<VerdictReason> reasons = [];
        foreach ((IMeterSource source, MeterSampler sampler, _) in lanes)
        {
            meters.AddRange(sampler.Describe().Select(meter => stuck.TryGetValue(source, out string? why)
                ? meter with { Faults = [.. meter.Faults, new MeterFault(endSeconds, "stuck", why, BreaksCounter: true)] }
                : meter));
            if (sampler.Power.Dropped > 0)
            {
                reasons.Add(new VerdictReason(
                    VerdictCode.MeterReadingsDropped, $"{source.Name}: {sampler.Power.Dropped} readings found the buffer full"));
            }
        }

        return new PowerRecordingSummary(meters, Counters(endSeconds), reasons);
    }

    private Dictionary<string, double> Counters(double endSeconds)
    {
        CallCost.Totals[] costs = [.. lanes.Select(lane => lane.Sampler.Cost.Snapshot())];
        double processorSeconds = writerProcessorSeconds + costs.Sum(cost => cost.ProcessorSeconds);
        double recordedSeconds = Math.Max(ShortestRecordingSeconds, endSeconds - startSeconds);
        Dictionary<string, double> counters = new()
        {
            [RunCounter.MeteringCpuCores.Name] = processorSeconds / recordedSeconds,
            [RunCounter.MeteringCalls.Name] = costs.Sum(cost => cost.Calls),
            [RunCounter.MeteringFailedReadings.Name] = lanes.Sum(lane => lane.Sampler.FailedReadings),
            [RunCounter.MeteringDroppedReadings.Name] = lanes.Sum(lane => lane.Sampler.Power.Dropped + lane.Sampler.Device.Dropped),
            [RunCounter.MeteringLongestCallSeconds.Name] = costs.Select(cost => cost.LongestSeconds).DefaultIfEmpty(0).Max(),
        };
        foreach ((string name, double value) in lanes.SelectMany(lane => lane.Source.Findings))
        {
            counters[name] = value;
        }

        return counters;
    }

    private void Write()
    {
        List<PowerSample> power = [];
        List<DeviceReading> device = [];
        bool isLast = false;
        while (!isLast)
        {
            isLast = stopWriting.Wait(WriteInterval);
            foreach (Lane lane in lanes)
            {
                lane.Sampler.Power.DrainTo(power);
                lane.Sampler.Device.DrainTo(device);
            }

            power.ForEach(sink.Add);
            device.ForEach(sink.Add);
            power.Clear();
            device.Clear();
            writerProcessorSeconds = ThreadProcessorTime.Seconds() ?? 0;
        }
    }

    /// <summary>A source with what reads it.</summary>
    private sealed record Lane(IMeterSource Source, MeterSampler Sampler, SamplerThread Thread);
}

/// <summary>How much a recording may cost.</summary>
public sealed record RecordingOptions
{
    /// <summary>The share of the time that all counters together may spend in their calls, as processor time of one core.</summary>
    /// <value>A number in [0.0001, 1]. The default is 0.01, which keeps the whole recording below 2 % of one core.</value>
    [Range(0.0001, 1)]
    public double CostBudgetRatio { get; init; } = 0.01;
}

/// <summary>The outcome of a recording, for the manifest of the run.</summary>
/// <param name="Meters">Every meter, read or not, with the refresh period that was seen and the faults that were met.</param>
/// <param name="Counters">What metering cost and lost, for <see cref="RunManifest.Counters"/>, and the findings of the sources.</param>
/// <param name="Reasons">
/// What speaks against the run; empty if nothing does. The windows are judged apart, by <see cref="ReadingLog.VerdictReasons"/>.
/// </param>
public sealed record PowerRecordingSummary(
    IReadOnlyList<MeterDescription> Meters, IReadOnlyDictionary<string, double> Counters, IReadOnlyList<VerdictReason> Reasons);
