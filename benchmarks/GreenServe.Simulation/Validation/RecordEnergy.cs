using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Energy of all accelerators as a run record's meters tell it.</summary>
internal static class RecordEnergy
{
    private const double MaxMissingSeconds = 2;

    /// <summary>Cumulative energy (J) of all accelerators over time, at the readings of the first meter; empty if none was read.</summary>
    internal static IReadOnlyList<(double Seconds, double Joules)> Curve(RunRecord record)
    {
        MeterDescription[] meters = MetersOf(record);
        (double Seconds, double Joules)[][] curves = [.. meters.Select(meter => Cumulative(record, meter)).Where(curve => curve.Length > 1)];
        return curves.Length == 0 || curves.Length < meters.Length
            ? []
            : [.. curves[0].Where(reading => curves.All(curve => reading.Seconds >= curve[0].Seconds && reading.Seconds <= curve[^1].Seconds))
                .Select(reading => (reading.Seconds, curves.Sum(curve => At(curve, reading.Seconds))))];
    }

    /// <summary>
    /// Energy (J) between two times; <c>null</c> where no accelerator was metered all the while. Readings may miss up to a refresh at each
    /// end: there the mean power is carried on.
    /// </summary>
    internal static double? Between(RunRecord record, double start, double end)
    {
        IReadOnlyList<(double Seconds, double Joules)> curve = Curve(record);
        if (curve.Count < 2 || end <= start)
        {
            return null;
        }

        double first = Math.Max(start, curve[0].Seconds);
        double last = Math.Min(end, curve[^1].Seconds);
        if (last <= first || first - start > MaxMissingSeconds || end - last > MaxMissingSeconds)
        {
            return null;
        }

        (double Seconds, double Joules)[] readings = [.. curve];
        return (At(readings, last) - At(readings, first)) / (last - first) * (end - start);
    }

    /// <summary>Energy counters of accelerators, or their power meters where there is no counter: one a device.</summary>
    private static MeterDescription[] MetersOf(RunRecord record)
    {
        MeterDescription[] gpus = [.. record.Manifest.Meters.Where(meter => meter is { Scope: MeterScope.Gpu, NotMeasured: null, IsEstimated: false })];
        return [.. gpus.GroupBy(meter => meter.Device ?? meter.Name, StringComparer.Ordinal)
            .Select(device => device.OrderByDescending(meter => meter.IsCounter).First())];
    }

    private static (double Seconds, double Joules)[] Cumulative(RunRecord record, MeterDescription meter)
    {
        PowerSample[] samples = [.. record.Power.Where(sample => sample.Meter == meter.Name).OrderBy(sample => sample.Seconds)];
        if (meter.IsCounter)
        {
            return Refreshes([.. samples.Where(sample => sample.CumulativeJoules is not null).Select(sample => (sample.Seconds, sample.CumulativeJoules!.Value))]);
        }

        double joules = 0;
        PowerSample[] watts = [.. samples.Where(sample => sample.Watts is not null)];
        return [.. watts.Select((sample, index) =>
        {
            joules += index == 0 ? 0 : (sample.Watts!.Value + watts[index - 1].Watts!.Value) / 2 * (sample.Seconds - watts[index - 1].Seconds);
            return (sample.Seconds, joules);
        })];
    }

    /// <summary>
    /// The first reading of each value: a counter that refreshes every 100 ms is read more often, and a stale reading would put its energy
    /// up to a refresh too late.
    /// </summary>
    private static (double Seconds, double Joules)[] Refreshes((double Seconds, double Joules)[] readings)
    {
        (double Seconds, double Joules)[] fresh = [.. readings.Where((reading, index) => index > 0 && reading.Joules > readings[index - 1].Joules)];
        return fresh.Length > 1 ? fresh : readings;
    }

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
