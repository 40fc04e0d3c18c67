using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>A field to read, and its value when it was read (nvmlFieldValue_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlFieldValue
{
    internal uint FieldId;
    internal uint ScopeId;
    internal long TimestampMicroseconds;
    internal long LatencyMicroseconds;
    internal uint ValueType;
    internal NvmlReturn Return;
    internal ulong Bits;

    /// <summary>The value as a number, whatever type the driver chose; <c>null</c> for a type that is not known.</summary>
    internal readonly double? Number => NvmlValue.Number(ValueType, Bits);
}

/// <summary>A reading from the buffer of the driver (nvmlSample_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlSample
{
    internal ulong TimestampMicroseconds;
    internal ulong Bits;
}

/// <summary>The share of time in which the GPU and its memory were busy, in percent (nvmlUtilization_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    internal uint Gpu;
    internal uint Memory;
}

/// <summary>The memory of a GPU in bytes (nvmlMemory_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    internal ulong Total;
    internal ulong Free;
    internal ulong Used;
}

/// <summary>How long the GPU was held back (nvmlViolationTime_t).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlViolationTime
{
    internal ulong ReferenceMicroseconds;
    internal ulong ViolationNanoseconds;
}

/// <summary>The clock domains of a GPU (nvmlClockType_t).</summary>
internal enum NvmlClock
{
    Graphics = 0,
    StreamingMultiprocessor = 1,
    Memory = 2,
}

/// <summary>The policies that hold a GPU back, each with a count of the time in which it did (nvmlPerfPolicyType_t).</summary>
internal enum NvmlPolicy
{
    Power = 0,
    Thermal = 1,
    BoardLimit = 3,
    Reliability = 5,
}

/// <summary>The numbers of the fields (NVML_FI_DEV_*) and of the scopes of power (NVML_POWER_SCOPE_*).</summary>
internal static class NvmlField
{
    internal const uint MemoryTemperature = 82;
    internal const uint TotalEnergy = 83;
    internal const uint PowerAverage = 185;
    internal const uint PowerInstant = 186;
    internal const uint ScopeGpu = 0;
    internal const uint ScopeModule = 1;
    internal const uint ScopeMemory = 2;
}

/// <summary>The union of value types of NVML (nvmlValueType_t).</summary>
internal static class NvmlValue
{
    /// <summary>A value as a number; <c>null</c> for a type that is not known.</summary>
    /// <param name="type">The type, by NVML's number.</param>
    /// <param name="bits">The bits of the value.</param>
    internal static double? Number(uint type, ulong bits) => type switch
    {
        0 => BitConverter.UInt64BitsToDouble(bits),
        1 => (uint)bits,
        2 => OperatingSystem.IsWindows() ? (uint)bits : bits,
        3 => bits,
        4 => (long)bits,
        5 => (int)(uint)bits,
        6 => (ushort)bits,
        _ => null,
    };
}
