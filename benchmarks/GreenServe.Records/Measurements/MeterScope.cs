using System.Text.Json.Serialization;

namespace GreenServe.Records.Measurements;

/// <summary>What a joule covers. Scopes that contain each other are never added.</summary>
public enum MeterScope
{
    /// <summary>One accelerator board, its memory included.</summary>
    Gpu,

    /// <summary>The memory of an accelerator board.</summary>
    [JsonStringEnumMemberName("gpu-memory")]
    GpuMemory,

    /// <summary>A module with processor and accelerator (Grace Hopper).</summary>
    Module,

    /// <summary>A processor package.</summary>
    [JsonStringEnumMemberName("cpu-package")]
    CpuPackage,

    /// <summary>The cores of a processor package.</summary>
    [JsonStringEnumMemberName("cpu-core")]
    CpuCore,

    /// <summary>The parts of a processor package outside its cores.</summary>
    [JsonStringEnumMemberName("cpu-uncore")]
    CpuUncore,

    /// <summary>Main memory.</summary>
    Dram,

    /// <summary>The platform as the processor vendor defines it.</summary>
    Psys,

    /// <summary>One supply rail. The meter's device names what the rail feeds.</summary>
    Rail,

    /// <summary>The whole machine, at the wall.</summary>
    Node,
}
