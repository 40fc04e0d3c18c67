using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Sampling;

/// <summary>Reads one source again and again: takes the time, checks every value, keeps what is new, and notes what goes wrong.</summary>
internal sealed class MeterSampler
{
    /// <summary>After this many failures in a row the source is tried only once a second.</summary>
    private const int FailuresBeforeSlowing = 10;

    private const double SlowedIntervalSeconds = 1;
    internal const int BufferedReadings = 16_384;

    private readonly IMeterSource source;
    private readonly RunClock clock;
    private readonly SamplingPace pace;
    private readonly ReadingBatch batch;
    private readonly MeterState[] states;
    private int failuresInARow;

    internal MeterSampler(IMeterSource source, RunClock clock, double budgetRatio, double? knownRefreshSeconds = null, bool hasLooked = false)
    {
        this.source = source;
        this.clock = clock;
        bool canHunt = source.Meters.Count == 1 && source.Meters[0].IsCounter;
        pace = new SamplingPace(source.Need, budgetRatio, canHunt, knownRefreshSeconds, hasLooked);
        batch = new ReadingBatch(() => clock.Seconds);
        states = [.. source.Meters.Select(meter => new MeterState(meter, Power))];
    }

    internal BoundedBuffer<PowerSample> Power { get; } = new(BufferedReadings);

    internal BoundedBuffer<DeviceReading> Device { get; } = new(BufferedReadings);

    internal CallCost Cost { get; } = new();

    /// <summary>Refresh period of the source's first meter (s); <c>null</c> if not found.</summary>
    internal double? RefreshSeconds => pace.RefreshSeconds;

    internal long FailedReadings => states.Sum(state => state.Failures);

    /// <summary>Asks for dense reads around a moment. Called on the source's own thread.</summary>
    internal void Watch(double atSeconds) => pace.Watch(atSeconds);

    /// <summary>Reads once.</summary>
    /// <returns>When to read next (s on the run's clock).</returns>
    internal double Step()
    {
        batch.Clear();
        double? processorBefore = ThreadProcessorTime.Seconds();
        double before = clock.Seconds;
        source.Read(batch);
        double after = clock.Seconds;
        double processorSeconds = ThreadProcessorTime.Seconds() - processorBefore ?? 0;

        // The device answered at some time in between; the middle is off by at most half of it.
        double middle = (before + after) / 2;
        Cost.Add(after - before);
        double? first = null;
        foreach (ReadingBatch.MeterReading reading in batch.Readings)
        {
            bool isGood = states[reading.Meter].Take(reading, middle);
            first = isGood && reading.Meter == 0 ? reading.Value : first;
        }

        foreach (ReadingBatch.StateReading state in batch.States)
        {
            Device.Add(new DeviceReading(state.Device, state.Quantity, state.AtSeconds ?? middle, state.Value));
        }

        failuresInARow = batch.Readings.Count > 0 && batch.Readings.All(reading => reading.Failure is not null) ? failuresInARow + 1 : 0;
        pace.Observe(middle, Math.Max(after - before, processorSeconds), first);
        double next = pace.NextSeconds(after);
        return failuresInARow < FailuresBeforeSlowing ? next : Math.Max(next, after + SlowedIntervalSeconds);
    }

    /// <summary>Hands on what was held back, after the last read.</summary>
    internal void Finish()
    {
        foreach (MeterState state in states)
        {
            state.Flush();
        }
    }

    /// <summary>The source's meters with what the recording found out about them.</summary>
    internal IEnumerable<MeterDescription> Describe() => states.Select(state => state.Describe()).Select(meter => meter with
    {
        // One call reads them all, so a period found earlier, or for the first of them, is theirs too.
        RefreshSeconds = meter.RefreshSeconds ?? pace.RefreshSeconds,
    });
}
