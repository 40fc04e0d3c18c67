namespace GreenServe.Metering.Nvml;

/// <summary>The calls of NVML that this suite uses, so that a recorded or broken GPU can stand in for a real one.</summary>
internal interface INvml : IDisposable
{
    NvmlReturn Initialize();

    NvmlResult<string> DriverVersion();

    NvmlResult<uint> DeviceCount();

    NvmlResult<nint> DeviceByIndex(uint index);

    NvmlResult<string> Name(nint device);

    NvmlResult<string> Uuid(nint device);

    /// <summary>The generation of the chip by NVML's number: 5 Volta, 6 Turing, 7 Ampere, 8 Ada, 9 Hopper, 10 Blackwell.</summary>
    NvmlResult<uint> Architecture(nint device);

    /// <summary>Whether the GPU is divided into instances (MIG).</summary>
    NvmlResult<bool> IsDivided(nint device);

    /// <summary>The UUIDs of the instances of a divided GPU.</summary>
    NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device);

    NvmlResult<ulong> TotalEnergyMillijoules(nint device);

    NvmlResult<uint> PowerMilliwatts(nint device);

    NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields);

    /// <summary>The power readings (mW) that the driver took on its own after a time (µs of the wall clock).</summary>
    NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds);

    NvmlResult<uint> ClockMegahertz(nint device, NvmlClock clock);

    NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock clock);

    NvmlResult<uint[]> MemoryClocksMegahertz(nint device);

    NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz);

    NvmlResult<ulong> ClockEventReasons(nint device);

    NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy);

    NvmlResult<uint> TemperatureCelsius(nint device);

    NvmlResult<NvmlUtilization> UtilizationPercent(nint device);

    NvmlResult<NvmlMemory> Memory(nint device);

    NvmlResult<uint> ProcessCount(nint device);

    NvmlResult<uint> PowerLimitMilliwatts(nint device);

    NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device);

    NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device);

    NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device);

    NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts);

    NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest);

    NvmlReturn UnlockClocks(nint device);
}
