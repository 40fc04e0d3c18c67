namespace GreenServe.Metering.Rapl;

/// <summary>Energy used between two readings of a wrapping RAPL counter.</summary>
/// <param name="rangeMicrojoules">The zone's <c>max_energy_range_uj</c> (µJ).</param>
/// <remarks>
/// Error: one counter unit for each wrap. Assumes at most one wrap between readings; <see cref="RaplAccumulator"/> sees to it.
/// Source: Linux kernel, Documentation/power/powercap/powercap.rst.
/// </remarks>
public sealed class RaplCounter(ulong rangeMicrojoules)
{
    /// <summary>The counter's range (µJ).</summary>
    public ulong RangeMicrojoules => rangeMicrojoules;

    /// <summary>Energy used between two readings (J), whether or not the counter wrapped once in between.</summary>
    /// <param name="earlierMicrojoules">The earlier reading (µJ).</param>
    /// <param name="laterMicrojoules">The later reading (µJ).</param>
    /// <exception cref="ArgumentOutOfRangeException">A reading is beyond the range.</exception>
    public double JoulesBetween(ulong earlierMicrojoules, ulong laterMicrojoules)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlierMicrojoules, rangeMicrojoules);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(laterMicrojoules, rangeMicrojoules);

        ulong wrapped = laterMicrojoules < earlierMicrojoules ? rangeMicrojoules : 0;
        return DeviceUnits.JoulesOfMicrojoules(wrapped + laterMicrojoules - earlierMicrojoules);
    }
}
