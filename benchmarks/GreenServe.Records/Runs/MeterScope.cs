using System.Text.Json.Serialization;

namespace GreenServe.Records.Runs;

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

    /// <summary>Main memory.</summary>
    Dram,

    /// <summary>The platform as the processor vendor defines it.</summary>
    Psys,

    /// <summary>The whole machine, at the wall.</summary>
    Node,
}
