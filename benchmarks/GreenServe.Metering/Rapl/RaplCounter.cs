using GreenServe.Records.Quantities;

namespace GreenServe.Metering.Rapl;

/// <summary>Computes the energy used between two readings of a RAPL counter that wraps.</summary>
/// <param name="rangeMicrojoules">The range of the counter, <c>max_energy_range_uj</c> of its zone (µJ).</param>
/// <remarks>
/// The error is one unit of the counter for each wrap. At most one wrap may lie between two readings;
/// <see cref="RaplAccumulator"/> sees to it. Source: Linux kernel, Documentation/power/powercap/powercap.rst.
/// </remarks>
internal sealed class RaplCounter(ulong rangeMicrojoules)
{
    /// <summary>The energy used from <paramref name="earlier"/> to <paramref name="later"/> (both µJ).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A reading is beyond the range.</exception>
    internal Energy Between(ulong earlier, ulong later)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, rangeMicrojoules);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(later, rangeMicrojoules);

        ulong wrapped = later < earlier ? rangeMicrojoules : 0;
        return Energy.FromMicrojoules(wrapped + later - earlier);
    }
}
