using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Energy of all accelerators from the meters of a run record.</summary>
internal static class RecordEnergy
{
    /// <summary>Longest time at each end of a window that may have no reading, in seconds: twenty refreshes of a counter.</summary>
    private const double MaxMissingSeconds = 2;

    /// <summary>
    /// Cumulative energy of all accelerators, in joules, at the readings of the first meter; empty if an accelerator was not metered.
    /// </summary>
    internal static IReadOnlyList<(double Seconds, double Joules)> Curve(RunRecord record)
    {
        MeterDescription[] meters = MetersOf(record);
        (double Seconds, double Joules)[][] curves =
            [.. meters.Select(meter => Cumulative(record, meter)).Where(curve => curve.Length > 1)];
        return curves.Length == 0 || curves.Length < meters.Length
            ? []
            : [.. curves[0].Where(reading => curves.All(curve => Covers(curve, reading.Seconds)))
                .Select(reading => (reading.Seconds, curves.Sum(curve => At(curve, reading.Seconds))))];
    }

    /// <summary>
    /// Energy between two times, in joules; <c>null</c> where the accelerators were not metered for all of it. Readings may be missing for
    /// up to two seconds at each end, for which the mean power is assumed.
    /// </summary>
    /// <param name="record">The run record.</param>
    /// <param name="startSeconds">Start, in seconds from the start of the run.</param>
    /// <param name="endSeconds">End, in seconds from the start of the run.</param>
    internal static double? JoulesBetween(RunRecord record, double startSeconds, double endSeconds)
    {
        IReadOnlyList<(double Seconds, double Joules)> curve = Curve(record);
        if (curve.Count < 2 || endSeconds <= startSeconds)
        {
            return null;
        }

        double first = Math.Max(startSeconds, curve[0].Seconds);
        double last = Math.Min(endSeconds, curve[^1].Seconds);
        if (last <= first || first - startSeconds > MaxMissingSeconds || endSeconds - last > MaxMissingSeconds)
        {
            return null;
        }

        (double Seconds, double Joules)[] readings = [.. curve];
        return (At(readings, last) - At(readings, first)) / (last - first) * (endSeconds - startSeconds);
    }

    /// <summary>One meter for each accelerator: its energy counter, or its power meter where it has no counter.</summary>
    private static MeterDescription[] MetersOf(RunRecord record)
    {
        IEnumerable<MeterDescription> gpus = record.Manifest.Meters
            .Where(meter => meter is { Scope: MeterScope.Gpu, NotMeasured: null, IsEstimated: false });
        return [.. gpus.GroupBy(meter => meter.Device ?? meter.Name, StringComparer.Ordinal)
            .Select(device => device.OrderByDescending(meter => meter.IsCounter).First())];
    }

    private static (double Seconds, double Joules)[] Cumulative(RunRecord record, MeterDescription meter)
    {
        PowerSample[] samples = [.. record.Power.Where(sample => sample.Meter == meter.Name)
            .Where(sample => (sample.CumulativeJoules ?? sample.Watts) is { } value && PlausibleReading.IsNumber(meter, value))
            .OrderBy(sample => sample.Seconds)];
        if (meter.IsCounter)
        {
            return Refreshes(
            [
                .. samples.Where(sample => sample.CumulativeJoules is not null)
                    .Select(sample => (sample.Seconds, sample.CumulativeJoules!.Value)),
            ]);
        }

        double joules = 0;
        PowerSample[] watts = [.. samples.Where(sample => sample.Watts is not null)];
        return [.. watts.Select((sample, index) =>
        {
            joules += index == 0 ? 0 : JoulesBetween(watts[index - 1], sample);
            return (sample.Seconds, joules);
        })];
    }

    /// <summary>Energy between two readings of power, in joules, as if the power changed linearly.</summary>
    private static double JoulesBetween(PowerSample earlier, PowerSample later) =>
        (later.Watts!.Value + earlier.Watts!.Value) / 2 * (later.Seconds - earlier.Seconds);

    private static bool Covers((double Seconds, double Joules)[] curve, double seconds) =>
        seconds >= curve[0].Seconds && seconds <= curve[^1].Seconds;

    /// <summary>
    /// The first reading of each value. A counter that refreshes every 100 ms is read more often, and a repeated reading would place its
    /// energy up to one refresh too late.
    /// </summary>
    private static (double Seconds, double Joules)[] Refreshes((double Seconds, double Joules)[] readings)
    {
        (double Seconds, double Joules)[] fresh =
            [.. readings.Where((reading, index) => index > 0 && reading.Joules > readings[index - 1].Joules)];
        return fresh.Length > 1 ? fresh : readings;
    }

    /// <summary>Cumulative energy at a time, in joules, interpolated between readings.</summary>
    private static double At((double Seconds, double Joules)[] curve, double seconds)
    {
        int low = 0;
        int high = curve.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = curve[middle].Seconds < seconds ? (middle + 1, high) : (low, middle);
        }

        int index = low;
        if (index == 0)
        {
            return curve[0].Joules;
        }

        (double earlier, double before) = curve[index - 1];
        (double later, double after) = curve[index];
        return later > earlier ? before + ((after - before) * (seconds - earlier) / (later - earlier)) : after;
    }
}
