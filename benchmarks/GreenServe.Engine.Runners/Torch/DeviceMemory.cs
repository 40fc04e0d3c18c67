using System.Runtime.InteropServices;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Memory of the current CUDA device, from the driver.</summary>
internal static partial class DeviceMemory
{
    /// <summary>Free and total bytes of the device that this thread uses; PyTorch must have used it before.</summary>
    /// <exception cref="UnavailableException">The driver does not say.</exception>
    internal static (long Free, long Total) Read()
    {
        int status = GetMemoryInfo(out nuint free, out nuint total);
        return status == 0
            ? ((long)free, (long)total)
            : throw new UnavailableException($"The CUDA driver does not tell the device's memory (error {status}).");
    }

    // CUDA driver API, cuMemGetInfo_v2: CUresult 0 is success.
    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemoryInfo(out nuint free, out nuint total);
}
