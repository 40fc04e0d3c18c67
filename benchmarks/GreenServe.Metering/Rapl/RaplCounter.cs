namespace GreenServe.Metering.Rapl;

/// <summary>Computes the energy used between two readings of a RAPL counter that wraps.</summary>
/// <param name="rangeMicrojoules">The range of the counter, <c>max_energy_range_uj</c> of its zone (µJ).</param>
/// <remarks>
/// The error is one unit of the counter for each wrap. At most one wrap may lie between two readings;
/// <see cref="RaplAccumulator"/> sees to it. Source: Linux kernel, Documentation/power/powercap/powercap.rst.
/// </remarks>
internal sealed class RaplCounter(ulong rangeMicrojoules)
{
    /// <summary>The energy used from <paramref name="earlierMicrojoules"/> to <paramref name="laterMicrojoules"/> (J).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A reading is beyond the range.</exception>
    internal double JoulesBetween(ulong earlierMicrojoules, ulong laterMicrojoules)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlierMicrojoules, rangeMicrojoules);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(laterMicrojoules, rangeMicrojoules);

        ulong wrapped = laterMicrojoules < earlierMicrojoules ? rangeMicrojoules : 0;
        return DeviceUnits.JoulesOfMicrojoules(wrapped + laterMicrojoules - earlierMicrojoules);
    }
}
