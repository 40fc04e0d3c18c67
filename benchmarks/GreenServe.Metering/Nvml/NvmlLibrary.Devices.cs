using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>The calls that tell which GPUs there are and whether they are divided.</summary>
internal sealed partial class NvmlLibrary
{
    /// <summary>More instances than any GPU can be divided into; seven is the most that one was sold with.</summary>
    private const int MaxInstances = 32;

    /// <summary>NVML_DEVICE_MIG_ENABLE.</summary>
    private const uint MigEnabled = 1;

    public NvmlResult<uint> DeviceCount() => new(nvmlDeviceGetCount_v2(out uint count), count);

    public NvmlResult<nint> DeviceByIndex(uint index) => new(nvmlDeviceGetHandleByIndex_v2(index, out nint device), device);

    public NvmlResult<string> Name(nint device) => Text((buffer, length) => nvmlDeviceGetName(device, buffer, length));

    public NvmlResult<string> Uuid(nint device) => Text((buffer, length) => nvmlDeviceGetUUID(device, buffer, length));

    public NvmlResult<uint> Architecture(nint device)
    {
        uint architecture = 0;
        NvmlReturn answer = Has(nameof(nvmlDeviceGetArchitecture))
            ? nvmlDeviceGetArchitecture(device, out architecture)
            : NvmlReturn.FunctionNotFound;
        return new(answer, architecture);
    }

    public NvmlResult<bool> IsDivided(nint device)
    {
        uint current = 0;
        NvmlReturn answer = Has(nameof(nvmlDeviceGetMigMode))
            ? nvmlDeviceGetMigMode(device, out current, out _)
            : NvmlReturn.FunctionNotFound;
        return new(answer, current == MigEnabled);
    }

    public NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device)
    {
        List<string> found = [];
        if (!Has(nameof(nvmlDeviceGetMigDeviceHandleByIndex)))
        {
            return new(NvmlReturn.FunctionNotFound, found);
        }

        for (uint index = 0; index < MaxInstances; index++)
        {
            NvmlReturn answer = nvmlDeviceGetMigDeviceHandleByIndex(device, index, out nint instance);
            if (answer == NvmlReturn.Success && Uuid(instance) is { IsSuccess: true } uuid)
            {
                found.Add(uuid.Value);
            }
        }

        return new(NvmlReturn.Success, found);
    }

    public NvmlResult<uint> ProcessCount(nint device)
    {
        uint count = 0;
        if (!Has(nameof(nvmlDeviceGetComputeRunningProcesses_v3)))
        {
            return new(NvmlReturn.FunctionNotFound, 0);
        }

        // Asked without room for the list, the driver answers with its length.
        NvmlReturn answer = nvmlDeviceGetComputeRunningProcesses_v3(device, ref count, 0);
        return new(answer == NvmlReturn.InsufficientSize ? NvmlReturn.Success : answer, count);
    }

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetCount_v2(out uint count);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetHandleByIndex_v2(uint index, out nint device);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetName(nint device, Span<byte> name, uint length);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetUUID(nint device, Span<byte> uuid, uint length);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetArchitecture(nint device, out uint architecture);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetMigMode(nint device, out uint current, out uint pending);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetMigDeviceHandleByIndex(nint device, uint index, out nint instance);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetComputeRunningProcesses_v3(nint device, ref uint count, nint infos);
}
