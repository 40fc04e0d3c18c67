namespace GreenServe.Metering;

/// <summary>
/// Converts what devices report into base units. Every conversion of a device's unit stands here, so that no factor is written twice.
/// </summary>
/// <remarks>Sources: NVML API reference (mW, mJ, µs, ns), Linux powercap (µJ) and Linux hwmon sysfs interface (µW, µJ, ms).</remarks>
internal static class DeviceUnits
{
    /// <summary>Energy in joules of a count of millijoules, the unit of NVML's energy counter.</summary>
    internal static double JoulesOfMillijoules(double millijoules) => millijoules / 1e3;

    /// <summary>Energy in joules of a count of microjoules, the unit of RAPL and of hwmon.</summary>
    internal static double JoulesOfMicrojoules(double microjoules) => microjoules / 1e6;

    /// <summary>Power in watts of a number of milliwatts, the unit of NVML.</summary>
    internal static double WattsOfMilliwatts(double milliwatts) => milliwatts / 1e3;

    /// <summary>Power in milliwatts, the unit in which NVML takes a power limit.</summary>
    internal static double MilliwattsOfWatts(double watts) => watts * 1e3;

    /// <summary>Power in watts of a number of microwatts, the unit of hwmon.</summary>
    internal static double WattsOfMicrowatts(double microwatts) => microwatts / 1e6;

    /// <summary>Time in seconds of a number of milliseconds, the unit of hwmon's update interval.</summary>
    internal static double SecondsOfMilliseconds(double milliseconds) => milliseconds / 1e3;

    /// <summary>Time in seconds of a number of microseconds, the unit of NVML's sample times.</summary>
    internal static double SecondsOfMicroseconds(double microseconds) => microseconds / 1e6;

    /// <summary>Time in seconds of a number of nanoseconds, the unit of NVML's times held back and of the kernel's clocks.</summary>
    internal static double SecondsOfNanoseconds(double nanoseconds) => nanoseconds / 1e9;
}
