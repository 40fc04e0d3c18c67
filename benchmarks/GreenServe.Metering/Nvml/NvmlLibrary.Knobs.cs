using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>The calls for power limits and locked clocks. <c>KnobSetter</c> alone calls the three setters.</summary>
internal sealed partial class NvmlLibrary
{
    public NvmlResult<uint> PowerLimitMilliwatts(nint device) =>
        new(nvmlDeviceGetPowerManagementLimit(device, out uint limit), limit);

    public NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device) =>
        new(nvmlDeviceGetEnforcedPowerLimit(device, out uint limit), limit);

    public NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device) =>
        new(nvmlDeviceGetPowerManagementDefaultLimit(device, out uint limit), limit);

    public NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device) =>
        new(nvmlDeviceGetPowerManagementLimitConstraints(device, out uint lowest, out uint highest), (lowest, highest));

    public NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts) => nvmlDeviceSetPowerManagementLimit(device, milliwatts);

    public NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest) => Has(nameof(nvmlDeviceSetGpuLockedClocks))
        ? nvmlDeviceSetGpuLockedClocks(device, lowest, highest)
        : NvmlReturn.FunctionNotFound;

    public NvmlReturn UnlockClocks(nint device) =>
        Has(nameof(nvmlDeviceResetGpuLockedClocks)) ? nvmlDeviceResetGpuLockedClocks(device) : NvmlReturn.FunctionNotFound;

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetPowerManagementLimit(nint device, out uint milliwatts);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetEnforcedPowerLimit(nint device, out uint milliwatts);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetPowerManagementDefaultLimit(nint device, out uint milliwatts);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetPowerManagementLimitConstraints(nint device, out uint lowest, out uint highest);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceSetPowerManagementLimit(nint device, uint milliwatts);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceSetGpuLockedClocks(nint device, uint lowest, uint highest);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceResetGpuLockedClocks(nint device);
}
