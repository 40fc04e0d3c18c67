using System.Runtime.InteropServices;
using System.Text;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Asks the driver about the current CUDA device. PyTorch must have used the device on this thread before.</summary>
internal static partial class CudaDevice
{
    private const int LongestName = 256;

    /// <summary>Reads the free and the total memory of the device, in bytes.</summary>
    /// <exception cref="UnavailableException">The driver does not tell the memory.</exception>
    internal static (long Free, long Total) Memory()
    {
        Require(GetMemoryInfo(out nuint free, out nuint total), "the device's memory");
        return ((long)free, (long)total);
    }

    /// <summary>Reads the name of the device, for example <c>NVIDIA H200</c>.</summary>
    /// <exception cref="UnavailableException">The driver does not tell the name.</exception>
    internal static string Name()
    {
        Require(GetDevice(out int device), "which device is in use");
        byte[] name = new byte[LongestName];
        Require(GetName(name, name.Length, device), "the device's name");
        return Encoding.UTF8.GetString(name.AsSpan(0, Math.Max(0, Array.IndexOf(name, (byte)0))));
    }

    private static void Require(int status, string what)
    {
        // In the CUDA driver API a CUresult of 0 means success.
        if (status != 0)
        {
            throw new UnavailableException($"The CUDA driver does not tell {what} (error {status}).");
        }
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuMemGetInfo_v2")]
    private static partial int GetMemoryInfo(out nuint free, out nuint total);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuCtxGetDevice")]
    private static partial int GetDevice(out int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetName")]
    private static partial int GetName([Out] byte[] name, int length, int device);
}
