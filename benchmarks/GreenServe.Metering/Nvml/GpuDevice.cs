using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>One physical NVIDIA GPU of this machine.</summary>
public sealed class GpuDevice
{
    private const double CeilingPerLimit = 3;

    private readonly INvml nvml;
    private readonly nint handle;

    internal GpuDevice(INvml nvml, nint handle, int index, string model, string? uuid, string driver)
    {
        this.nvml = nvml;
        this.handle = handle;
        Index = index;
        Model = model;
        Uuid = uuid;
        Driver = driver;
        IsDivided = nvml.IsDivided(handle) is { IsSuccess: true, Value: true };
        CeilingWatts = Limit(nvml, handle) is { } limit and > 0 ? CeilingPerLimit * limit : null;
    }

    /// <summary>The index that NVML gives it, in the order of the PCI bus, from 0.</summary>
    public int Index { get; }

    /// <summary>The name of the model, for example <c>NVIDIA H200</c>.</summary>
    public string Model { get; }

    /// <summary>The name of this one device, <c>GPU-</c> and a UUID; <c>null</c> if the driver does not say.</summary>
    public string? Uuid { get; }

    /// <summary>The version of the driver, or <c>not known</c>.</summary>
    public string Driver { get; }

    /// <summary>Whether it is divided into instances (MIG). Its meters then cover all of them together.</summary>
    public bool IsDivided { get; }

    /// <summary>The stable name of the device in a record, for example <c>gpu0</c>.</summary>
    public string Name => $"gpu{Index}";

    /// <summary>The name of the device for people, for example <c>NVIDIA H200 (GPU 0)</c>.</summary>
    public string Description => $"{Model} (GPU {Index})";

    /// <summary>
    /// Highest power that a reading of it may show (W): three times its highest power limit, which no peak of instant power reaches;
    /// <c>null</c> if the driver states no limit.
    /// </summary>
    internal double? CeilingWatts { get; }

    internal INvml Nvml => nvml;

    internal nint Handle => handle;

    /// <summary>The number of compute processes on it now; <c>null</c> if the driver does not say.</summary>
    public int? ProcessCount => nvml.ProcessCount(handle) is { IsSuccess: true } count ? (int)count.Value : null;

    /// <summary>The memory in use now (bytes); <c>null</c> if the driver does not say.</summary>
    public long? MemoryUsedBytes => nvml.Memory(handle) is { IsSuccess: true } memory ? (long)memory.Value.Used : null;

    /// <summary>Describes it in one line for the environment of a run: model, UUID, driver, clocks and caps.</summary>
    public string DescribeEnvironment()
    {
        List<string> parts = [Description, Uuid ?? "UUID not known", $"driver {Driver}"];
        if (nvml.HighestClockMegahertz(handle, NvmlClock.StreamingMultiprocessor) is { IsSuccess: true } clock)
        {
            parts.Add($"SM clock at most {clock.Value} MHz");
        }

        if (nvml.EnforcedPowerLimitMilliwatts(handle) is { IsSuccess: true } limit)
        {
            string range = nvml.PowerLimitRangeMilliwatts(handle) is { IsSuccess: true } bounds
                ? FormattableString.Invariant(
                    $" of {DeviceUnits.WattsOfMilliwatts(bounds.Value.Lowest)}-{DeviceUnits.WattsOfMilliwatts(bounds.Value.Highest)} W")
                : "";
            parts.Add(FormattableString.Invariant($"power limit {DeviceUnits.WattsOfMilliwatts(limit.Value)} W{range}"));
        }

        parts.Add(IsDivided ? "divided (MIG)" : "not divided");
        return string.Join(", ", parts);
    }

    /// <summary>The highest power limit that it takes (W), or else the one in force; <c>null</c> if the driver tells neither.</summary>
    private static double? Limit(INvml nvml, nint handle)
    {
        NvmlResult<(uint Lowest, uint Highest)> range = nvml.PowerLimitRangeMilliwatts(handle);
        NvmlResult<uint> enforced = nvml.EnforcedPowerLimitMilliwatts(handle);
        double? limit = range.IsSuccess ? DeviceUnits.WattsOfMilliwatts(range.Value.Highest)
            : enforced.IsSuccess ? DeviceUnits.WattsOfMilliwatts(enforced.Value)
            : null;

        // A driver that lost its board may hand out a limit that is no number either.
        return limit <= PlausibleReading.CeilingWatts(MeterScope.Gpu) ? limit : null;
    }
}
