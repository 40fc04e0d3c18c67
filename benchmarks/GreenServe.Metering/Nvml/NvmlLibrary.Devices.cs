using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>Which GPUs there are, and whether they are divided.</summary>
internal sealed partial class NvmlLibrary
{
    private const int MaxInstances = 32;

    public NvmlResult<uint> DeviceCount() => new(nvmlDeviceGetCount_v2(out uint count), count);

    public NvmlResult<nint> DeviceByIndex(uint index) => new(nvmlDeviceGetHandleByIndex_v2(index, out nint device), device);

    public NvmlResult<string> Name(nint device) => Text((buffer, length) => nvmlDeviceGetName(device, buffer, length));

    public NvmlResult<string> Uuid(nint device) => Text((buffer, length) => nvmlDeviceGetUUID(device, buffer, length));

    public NvmlResult<uint> Architecture(nint device)
    {
        uint architecture = 0;
        return new(Has(nameof(nvmlDeviceGetArchitecture)) ? nvmlDeviceGetArchitecture(device, out architecture) : NvmlReturn.FunctionNotFound, architecture);
    }

    public NvmlResult<bool> IsDivided(nint device)
    {
        uint current = 0;
        return new(Has(nameof(nvmlDeviceGetMigMode)) ? nvmlDeviceGetMigMode(device, out current, out _) : NvmlReturn.FunctionNotFound, current == 1);
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
            if (nvmlDeviceGetMigDeviceHandleByIndex(device, index, out nint instance) == NvmlReturn.Success && Uuid(instance) is { IsSuccess: true } uuid)
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
