using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Sampling;

/// <summary>Reads one source again and again: takes the time, checks every value, keeps what is new, and notes what goes wrong.</summary>
internal sealed class MeterSampler
{
    /// <summary>After this many failures in a row the source is taken to be broken and is tried less often.</summary>
    private const int FailuresBeforeSlowing = 10;

    /// <summary>A broken source is tried at this interval (s), so that it is noticed soon when it works again.</summary>
    private const double SlowedIntervalSeconds = 1;

    /// <summary>Room for the readings of one source. At 60 readings a second it is full after four minutes without a writer.</summary>
    internal const int BufferedReadings = 16_384;

    private readonly IMeterSource source;
    private readonly RunClock clock;
    private readonly SamplingPace pace;
    private readonly ReadingBatch batch;
    private readonly MeterState[] states;
    private int failuresInARow;

    /// <summary>Prepares to read a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="budgetRatio">The share of the time that reading may take.</param>
    /// <param name="lastSearch">What an earlier recording found of the refresh period; <c>null</c> if none has looked for it.</param>
    internal MeterSampler(IMeterSource source, RunClock clock, double budgetRatio, RefreshSearch? lastSearch = null)
    {
        this.source = source;
        this.clock = clock;
        bool canHunt = source.Meters.Count == 1 && source.Meters[0].IsCounter;
        pace = new SamplingPace(source.Need, budgetRatio, canHunt, lastSearch);
        batch = new ReadingBatch(() => clock.Seconds);
        states = [.. source.Meters.Select(meter => new MeterState(meter, Power))];
    }

    internal BoundedBuffer<PowerSample> Power { get; } = new(BufferedReadings);

    internal BoundedBuffer<DeviceReading> Device { get; } = new(BufferedReadings);

    internal CallCost Cost { get; } = new();

    /// <summary>The refresh period of the first meter of the source (s); <c>null</c> if it was not found.</summary>
    internal double? RefreshSeconds => pace.RefreshSeconds;

    internal long FailedReadings => states.Sum(state => state.Failures);

    /// <summary>Asks for dense reads around a moment. The thread of the source calls it.</summary>
    internal void Watch(double atSeconds) => pace.Watch(atSeconds);

    /// <summary>Reads the source once.</summary>
    /// <returns>The time of the next read (s on the clock of the run).</returns>
    internal double ReadAndPlanNextSeconds()
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

        bool hasFailed = batch.Readings.Count > 0 && batch.Readings.All(reading => reading.Failure is not null);
        failuresInARow = hasFailed ? failuresInARow + 1 : 0;
        pace.Observe(middle, source.Need.WaitsForOthers ? processorSeconds : Math.Max(after - before, processorSeconds), first);
        double next = pace.NextSeconds(after);
        return failuresInARow < FailuresBeforeSlowing ? next : Math.Max(next, after + SlowedIntervalSeconds);
    }

    /// <summary>Puts the readings that were held back into the buffer, after the last read.</summary>
    internal void Finish()
    {
        foreach (MeterState state in states)
        {
            state.Flush();
        }
    }

    /// <summary>The meters of the source with what the recording found out about them.</summary>
    internal IEnumerable<MeterDescription> Describe() => states.Select(state => state.Describe()).Select(meter => meter with
    {
        // One call reads them all, so a period found earlier, or for the first of them, is the period of each.
        RefreshSeconds = meter.RefreshSeconds ?? pace.RefreshSeconds,
    });
}
