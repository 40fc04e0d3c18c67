using GreenServe.Records.EnergyAccounting;

namespace GreenServe.Analysis.Metrics;

/// <summary>Power of several devices at the same instants.</summary>
internal static class SimultaneousPower
{
    /// <summary>Highest sum over the devices (W) at any reading of the first, the others held since their last reading.</summary>
    /// <param name="devices">Readings of meters of power, one a device; at least one.</param>
    /// <param name="from">Beginning of the window (s).</param>
    /// <param name="to">Its end (s).</param>
    internal static double? Highest(MeterSeries[] devices, double from, double to)
    {
        double? highest = null;
        int[] positions = new int[devices.Length];
        foreach (double time in devices[0].Seconds)
        {
            if (time < from || time > to)
            {
                continue;
            }

            double sum = 0;
            for (int device = 0; device < devices.Length; device++)
            {
                ReadOnlySpan<double> seconds = devices[device].Seconds;
                while (positions[device] + 1 < seconds.Length && seconds[positions[device] + 1] <= time)
                {
                    positions[device]++;
                }

                sum += devices[device].Values[positions[device]];
            }

            highest = Math.Max(highest ?? double.NegativeInfinity, sum);
        }

        return highest;
    }
}
