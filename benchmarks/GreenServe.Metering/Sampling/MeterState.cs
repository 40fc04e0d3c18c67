using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Sampling;

/// <summary>One meter of a source in the course of a recording.</summary>
internal sealed class MeterState(MeterDescription meter, BoundedBuffer<PowerSample> buffer)
{
    /// <summary>Faults kept one by one, those that break a counter apart; more are counted.</summary>
    private const int FaultsKept = 20;

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

    internal long Failures { get; private set; }

    private long Good { get; set; }

    /// <summary>Takes a reading.</summary>
    /// <returns>Whether it is a number that may be kept.</returns>
    internal bool Take(ReadingBatch.MeterReading reading, double readSeconds)
    {
        double at = reading.AtSeconds ?? readSeconds;
        if (reading.Failure is { } failure)
        {
            Fail(at, failure);
            return false;
        }

        if (!double.IsFinite(reading.Value))
        {
            Fail(at, new ReadingFailure("not-a-number", $"{meter.Name} gave {reading.Value}"));
            return false;
        }

        if (meter.IsCounter && reading.Value < lastValue)
        {
            Note(new MeterFault(at, "jumped-back", FormattableString.Invariant($"the counter fell from {lastValue} J to {reading.Value} J"), BreaksCounter: true));
        }

        lock (gate)
        {
            Good++;
            isFailing = false;
            observer.Observe(at, reading.Value);
        }

        lastValue = reading.Value;
        hasCounted |= !meter.IsCounter || reading.Value != 0;
        filter.Take(at, reading.Value, Keep);
        return true;
    }

    internal void Flush() => filter.Flush(Keep);

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

    private string? NotMeasuredReason() => Good == 0
        ? firstFailure?.Message ?? "it gave no reading while it was recorded"
        : hasCounted ? null : MeterDescription.StandsAtZero;

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
            bool hasRoom = faults.Count(kept => kept.BreaksCounter == fault.BreaksCounter) < (fault.BreaksCounter ? BreaksKept : FaultsKept);
            if (hasRoom)
            {
                faults.Add(fault);
            }
            else
            {
                unlisted++;
            }
        }
    }

    private void Keep(double atSeconds, double value) =>
        buffer.Add(meter.IsCounter ? new PowerSample(meter.Name, atSeconds, null, value) : new PowerSample(meter.Name, atSeconds, value, null));
}
