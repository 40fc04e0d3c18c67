using static GreenServe.Metering.DeviceUnits;

namespace GreenServe.Metering.Nvml;

/// <summary>One physical GPU.</summary>
public sealed class GpuDevice
{
    private readonly INvml nvml;
    private readonly nint handle;

    internal GpuDevice(INvml nvml, nint handle, int index, string name, string uuid, string driver)
    {
        this.nvml = nvml;
        this.handle = handle;
        Index = index;
        Model = name;
        Uuid = uuid;
        Driver = driver;
        IsDivided = nvml.IsDivided(handle) is { IsSuccess: true, Value: true };
    }

    /// <summary>NVML's index, which follows the PCI bus.</summary>
    public int Index { get; }

    /// <summary>Model, for example <c>NVIDIA H200</c>.</summary>
    public string Model { get; }

    /// <summary>The device's own name, <c>GPU-</c> and a UUID.</summary>
    public string Uuid { get; }

    /// <summary>Version of the driver.</summary>
    public string Driver { get; }

    /// <summary>Whether it is divided into instances (MIG); its meters then cover all of them together.</summary>
    public bool IsDivided { get; }

    /// <summary>Stable name in a record, for example <c>gpu0</c>.</summary>
    public string Name => $"gpu{Index}";

    /// <summary>The device as meters name it, for example <c>NVIDIA H200 (GPU 0)</c>.</summary>
    public string Description => $"{Model} (GPU {Index})";

    internal INvml Nvml => nvml;

    internal nint Handle => handle;

    /// <summary>Compute processes on it; <c>null</c> if the driver does not say.</summary>
    public int? ProcessCount => nvml.ProcessCount(handle) is { IsSuccess: true } count ? (int)count.Value : null;

    /// <summary>Memory in use (bytes); <c>null</c> if the driver does not say.</summary>
    public long? MemoryUsedBytes => nvml.Memory(handle) is { IsSuccess: true } memory ? (long)memory.Value.Used : null;

    /// <summary>Everything about it that belongs in a run's environment, in one line: model, name, driver, clocks and caps.</summary>
    public string DescribeEnvironment()
    {
        List<string> parts = [$"{Description}", Uuid, $"driver {Driver}"];
        if (nvml.HighestClockMegahertz(handle, NvmlClock.StreamingMultiprocessor) is { IsSuccess: true } clock)
        {
            parts.Add($"SM clock at most {clock.Value} MHz");
        }

        if (nvml.EnforcedPowerLimitMilliwatts(handle) is { IsSuccess: true } limit)
        {
            string range = nvml.PowerLimitRangeMilliwatts(handle) is { IsSuccess: true } bounds
                ? FormattableString.Invariant(
                    $" of {WattsOfMilliwatts(bounds.Value.Lowest)}-{WattsOfMilliwatts(bounds.Value.Highest)} W")
                : "";
            parts.Add(FormattableString.Invariant($"power limit {WattsOfMilliwatts(limit.Value)} W{range}"));
        }

        parts.Add(IsDivided ? "divided (MIG)" : "not divided");
        return string.Join(", ", parts);
    }
}
