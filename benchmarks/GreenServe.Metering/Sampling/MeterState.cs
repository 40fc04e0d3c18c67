using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Sampling;

/// <summary>The state of one meter of a source during a recording: its last value and its faults.</summary>
/// <param name="meter">The meter as its source describes it.</param>
/// <param name="buffer">Receives the readings that are kept.</param>
internal sealed class MeterState(MeterDescription meter, BoundedBuffer<PowerSample> buffer)
{
    /// <summary>Faults that leave the energy intact and are kept one by one. Further ones are counted: twenty show the pattern.</summary>
    private const int FaultsKept = 20;

    /// <summary>Faults that break a counter and are kept one by one: each decides about the windows that span it.</summary>
    private const int BreaksKept = 1000;

    private readonly Lock gate = new();
    private readonly RefreshObserver observer = new();
    private readonly RepeatFilter filter = new();
    private readonly List<MeterFault> faults = [];
    private MeterFault? lastFault;
    private long unlisted;
    private double? lastValue;
    private bool hasCounted;
    private bool isFailing;
    private ReadingFailure? firstFailure;

    /// <summary>The number of readings that failed or were no number.</summary>
    internal long Failures { get; private set; }

    private long Good { get; set; }

    /// <summary>Takes a reading.</summary>
    /// <param name="reading">The outcome of reading this meter.</param>
    /// <param name="readSeconds">The middle of the call (s on the clock of the run).</param>
    /// <returns>Whether the reading is a number that may be kept.</returns>
    internal bool Take(ReadingBatch.MeterReading reading, double readSeconds)
    {
        double at = reading.AtSeconds ?? readSeconds;
        if (reading.Failure is { } failure)
        {
            Fail(at, failure);
            return false;
        }

        if (reading.Value is not { } value || PlausibleReading.Refusal(meter, value) is not null)
        {
            Fail(at, Implausible(meter, reading.Value));
            return false;
        }

        if (meter.IsCounter && value < lastValue)
        {
            string fall = FormattableString.Invariant($"the counter fell from {lastValue} J to {value} J");
            Note(new MeterFault(at, "jumped-back", fall, BreaksCounter: true));
        }

        lock (gate)
        {
            Good++;
            isFailing = false;
            observer.Observe(at, value);
        }

        lastValue = value;
        hasCounted |= !meter.IsCounter || value != 0;
        filter.Take(at, value, Keep);
        return true;
    }

    /// <summary>The failure of a reading that is no number.</summary>
    internal static ReadingFailure Implausible(MeterDescription meter, double? value)
    {
        return value is { } number && double.IsFinite(number)
            ? new ReadingFailure("not-plausible", $"{meter.Name}: {PlausibleReading.Refusal(meter, number)}")
            : new ReadingFailure("not-a-number", $"{meter.Name} gave {value}");
    }

    /// <summary>Keeps the reading that was held back last, if there is one.</summary>
    internal void Flush() => filter.Flush(Keep);

    /// <summary>The meter with its refresh period, its faults, and the reason if it was not measured.</summary>
    internal MeterDescription Describe()
    {
        lock (gate)
        {
            List<MeterFault> listed = [.. faults];
            if (unlisted > 0)
            {
                listed.Add(lastFault! with { Code = "more-faults", Message = $"{unlisted} more, the last: {lastFault!.Message}" });
            }

            return meter with
            {
                RefreshSeconds = observer.PeriodSeconds ?? meter.RefreshSeconds,
                NotMeasured = meter.NotMeasured ?? NotMeasuredReason(),
                Faults = listed,
            };
        }
    }

    private string? NotMeasuredReason()
    {
        if (Good == 0)
        {
            return firstFailure?.Message ?? "it gave no reading while it was recorded";
        }

        return hasCounted ? null : MeterDescription.StandsAtZero;
    }

    private void Fail(double atSeconds, ReadingFailure failure)
    {
        bool isNew;
        lock (gate)
        {
            firstFailure ??= failure;
            isNew = !isFailing;
            isFailing = true;
            Failures++;
        }

        // A meter that stays broken is noted when it breaks, not at every attempt.
        if (isNew)
        {
            Note(new MeterFault(atSeconds, failure.Code, failure.Message, failure.BreaksCounter));
        }
    }

    private void Note(MeterFault fault)
    {
        lock (gate)
        {
            lastFault = fault;
            int limit = fault.BreaksCounter ? BreaksKept : FaultsKept;
            if (faults.Count(kept => kept.BreaksCounter == fault.BreaksCounter) < limit)
            {
                faults.Add(fault);
            }
            else
            {
                unlisted++;
            }
        }
    }

    private void Keep(double atSeconds, double value) => buffer.Add(meter.IsCounter
        ? new PowerSample(meter.Name, atSeconds, null, value)
        : new PowerSample(meter.Name, atSeconds, value, null));
}
