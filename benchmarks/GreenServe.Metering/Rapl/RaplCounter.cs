using GreenServe.Records.Quantities;

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

    /// <summary>Energy used from <paramref name="earlier"/> to <paramref name="later"/> (both µJ).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A reading is beyond the range.</exception>
    public Energy Between(ulong earlier, ulong later)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, rangeMicrojoules);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(later, rangeMicrojoules);

        ulong wrapped = later < earlier ? rangeMicrojoules : 0;
        return Energy.FromMicrojoules(wrapped + later - earlier);
    }
}
