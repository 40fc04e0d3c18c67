using GreenServe.Metering.Discovery;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Metering.Recording;

/// <summary>Records every meter of a catalog, each source on its own thread, until it is stopped.</summary>
/// <remarks>
/// Reading never waits for writing: readings pass through bounded buffers whose losses are counted, and one further thread
/// writes them. What all this costs in processor time is measured and reported.
/// </remarks>
public sealed class PowerRecording : IAsyncDisposable
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly MeterCatalog catalog;
    private readonly RunClock clock;
    private readonly IMeterSink sink;
    private readonly double startSeconds;
    private readonly List<(IMeterSource Source, MeterSampler Sampler, SamplerThread Thread)> lanes = [];
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
            MeterSampler sampler = new(source, clock, options.CostBudgetRatio / counters, catalog.KnownRefreshSeconds(source), catalog.HasLooked(source));
            bool readsAtStop = source.Need != SamplingNeed.WhenDelivered;
            lanes.Add((source, sampler, new SamplerThread(source.Name, sampler, clock, readsAtStop)));
        }

        writer = new Thread(Write) { Name = "meter writer", IsBackground = true };
        writer.Start();
    }

    /// <summary>Starts to record into a run record.</summary>
    /// <param name="meters">The meters; stays the caller's to dispose, after the recording.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="record">Where readings go.</param>
    /// <param name="options">Cost budget; <c>null</c> for the defaults.</param>
    public static PowerRecording Start(MeterCatalog meters, RunClock clock, RunRecordWriter record, RecordingOptions? options = null) =>
        Start(meters, clock, Into(record), options);

    /// <summary>A sink that writes into a run record.</summary>
    public static IMeterSink Into(RunRecordWriter record) => new RecordSink(record);

    /// <summary>Starts to record into any sink.</summary>
    /// <param name="meters">The meters; stays the caller's to dispose, after the recording.</param>
    /// <param name="clock">The run's clock.</param>
    /// <param name="sink">Where readings go.</param>
    /// <param name="options">Cost budget; <c>null</c> for the defaults.</param>
    public static PowerRecording Start(MeterCatalog meters, RunClock clock, IMeterSink sink, RecordingOptions? options = null) =>
        new(meters, clock, sink, options ?? new RecordingOptions());

    /// <summary>
    /// Says that a window will begin or end at a moment, so that every counter is read densely around it: the edge error is then
    /// at most half a refresh on every device at once.
    /// </summary>
    /// <param name="atSeconds">The moment (s from the start of the run); now or later.</param>
    public void WatchEdge(double atSeconds)
    {
        foreach ((_, _, SamplerThread thread) in lanes)
        {
            thread.Watch(atSeconds);
        }
    }

    /// <summary>Takes a last reading of every meter, writes what is left, and tells what came of it. May be called again.</summary>
    public async ValueTask<PowerRecordingSummary> StopAsync()
    {
        if (summary is null)
        {
            // The threads end on their own time, up to a few milliseconds each; nobody else should wait on this thread for it.
            summary = await Task.Run(Stop).ConfigureAwait(false);
        }

        return summary;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach ((_, _, SamplerThread thread) in lanes)
        {
            thread.Dispose();
        }

        stopWriting.Dispose();
    }

    private PowerRecordingSummary Stop()
    {
        foreach ((_, _, SamplerThread thread) in lanes)
        {
            thread.BeginStop();
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

            catalog.KeepRefreshSeconds(source, sampler.RefreshSeconds);
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
        Dictionary<string, double> counters = new()
        {
            [RunCounter.MeteringCpuCores.Name] = writerProcessorSeconds,
            [RunCounter.MeteringCalls.Name] = 0,
            [RunCounter.MeteringFailedReadings.Name] = 0,
            [RunCounter.MeteringDroppedReadings.Name] = 0,
            [RunCounter.MeteringLongestCallSeconds.Name] = 0,
        };
        foreach ((IMeterSource source, MeterSampler sampler, _) in lanes)
        {
            (long calls, _, double longest, double processorSeconds) = sampler.Cost.Snapshot();
            counters[RunCounter.MeteringCpuCores.Name] += processorSeconds;
            counters[RunCounter.MeteringCalls.Name] += calls;
            counters[RunCounter.MeteringFailedReadings.Name] += sampler.FailedReadings;
            counters[RunCounter.MeteringDroppedReadings.Name] += sampler.Power.Dropped + sampler.Device.Dropped;
            counters[RunCounter.MeteringLongestCallSeconds.Name] = Math.Max(counters[RunCounter.MeteringLongestCallSeconds.Name], longest);
            meters.AddRange(sampler.Describe().Select(meter => stuck.TryGetValue(source, out string? why)
                ? meter with { Faults = [.. meter.Faults, new MeterFault(endSeconds, "stuck", why, BreaksCounter: true)] }
                : meter));
            if (sampler.Power.Dropped > 0)
            {
                reasons.Add(new VerdictReason(VerdictCode.MeterReadingsDropped, $"{source.Name}: {sampler.Power.Dropped} readings found the buffer full"));
            }
        }

        counters[RunCounter.MeteringCpuCores.Name] /= Math.Max(endSeconds - startSeconds, 1e-9);
        foreach ((string name, double value) in lanes.SelectMany(lane => lane.Source.Findings))
        {
            counters[name] = value;
        }

        return new PowerRecordingSummary(meters, counters, reasons);
    }

    private void Write()
    {
        List<PowerSample> power = [];
        List<DeviceReading> device = [];
        bool isLast = false;
        while (!isLast)
        {
            isLast = stopWriting.Wait(WriteInterval);
            foreach ((_, MeterSampler sampler, _) in lanes)
            {
                sampler.Power.DrainTo(power);
                sampler.Device.DrainTo(device);
            }

            power.ForEach(sink.Add);
            device.ForEach(sink.Add);
            power.Clear();
            device.Clear();
            writerProcessorSeconds = ThreadProcessorTime.Seconds() ?? 0;
        }
    }
}
