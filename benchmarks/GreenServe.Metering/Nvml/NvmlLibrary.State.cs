using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>The calls that read clocks, throttling, temperature, utilisation and memory.</summary>
internal sealed partial class NvmlLibrary
{
    /// <summary>NVML_TEMPERATURE_GPU.</summary>
    private const int GpuTemperatureSensor = 0;

    public NvmlResult<uint> ClockMegahertz(nint device, NvmlClock clock) =>
        new(nvmlDeviceGetClockInfo(device, clock, out uint value), value);

    public NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock clock) =>
        new(nvmlDeviceGetMaxClockInfo(device, clock, out uint value), value);

    public NvmlResult<uint[]> MemoryClocksMegahertz(nint device) =>
        List((ref uint count, Span<uint> clocks) => nvmlDeviceGetSupportedMemoryClocks(device, ref count, clocks));

    public NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz) =>
        List((ref uint count, Span<uint> clocks) => nvmlDeviceGetSupportedGraphicsClocks(device, memoryClockMegahertz, ref count, clocks));

    public NvmlResult<ulong> ClockEventReasons(nint device)
    {
        // The function was renamed with driver 535; the bits are the same.
        ulong reasons = 0;
        NvmlReturn answer = Has(nameof(nvmlDeviceGetCurrentClocksEventReasons))
            ? nvmlDeviceGetCurrentClocksEventReasons(device, out reasons)
            : Has(nameof(nvmlDeviceGetCurrentClocksThrottleReasons))
                ? nvmlDeviceGetCurrentClocksThrottleReasons(device, out reasons)
                : NvmlReturn.FunctionNotFound;
        return new(answer, reasons);
    }

    public NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy)
    {
        NvmlViolationTime time = default;
        NvmlReturn answer = Has(nameof(nvmlDeviceGetViolationStatus))
            ? nvmlDeviceGetViolationStatus(device, policy, out time)
            : NvmlReturn.FunctionNotFound;
        return new(answer, time.ViolationNanoseconds);
    }

    public NvmlResult<uint> TemperatureCelsius(nint device) =>
        new(nvmlDeviceGetTemperature(device, GpuTemperatureSensor, out uint value), value);

    public NvmlResult<NvmlUtilization> UtilizationPercent(nint device) =>
        new(nvmlDeviceGetUtilizationRates(device, out NvmlUtilization value), value);

    public NvmlResult<NvmlMemory> Memory(nint device) => new(nvmlDeviceGetMemoryInfo(device, out NvmlMemory value), value);

    private delegate NvmlReturn ListCall(ref uint count, Span<uint> items);

    private static NvmlResult<uint[]> List(ListCall call)
    {
        // A GPU lists some two hundred clocks.
        const int Room = 512;
        uint[] items = new uint[Room];
        uint count = Room;
        NvmlReturn answer = call(ref count, items);
        return new(answer, answer == NvmlReturn.Success ? items[..(int)Math.Min(count, Room)] : []);
    }

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetClockInfo(nint device, NvmlClock clock, out uint megahertz);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetMaxClockInfo(nint device, NvmlClock clock, out uint megahertz);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetSupportedMemoryClocks(nint device, ref uint count, Span<uint> megahertz);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetSupportedGraphicsClocks(
        nint device, uint memoryMegahertz, ref uint count, Span<uint> megahertz);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetCurrentClocksEventReasons(nint device, out ulong reasons);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetCurrentClocksThrottleReasons(nint device, out ulong reasons);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetViolationStatus(nint device, NvmlPolicy policy, out NvmlViolationTime time);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetTemperature(nint device, int sensor, out uint celsius);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetUtilizationRates(nint device, out NvmlUtilization utilization);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetMemoryInfo(nint device, out NvmlMemory memory);
}
