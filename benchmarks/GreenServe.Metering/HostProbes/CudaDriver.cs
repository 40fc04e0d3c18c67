using System.Runtime.InteropServices;
using GreenServe.Records;

namespace GreenServe.Metering.HostProbes;

/// <summary>The functions of the CUDA driver that the launch of a kernel needs. Each answers 0 or the number of an error.</summary>
/// <remarks>Source of names and types: CUDA Driver API reference.</remarks>
internal sealed unsafe class CudaDriver
{
    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["nvcuda.dll"]
        : ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1"];

    private readonly delegate* unmanaged<int, byte**, int> errorName;

    private CudaDriver(nint library)
    {
        nint Find(string function) => NativeLibrary.TryGetExport(library, function, out nint address)
            ? address
            : throw new UnavailableException($"the CUDA driver of this host has no {function}");
        Init = (delegate* unmanaged<uint, int>)Find("cuInit");
        DeviceGetCount = (delegate* unmanaged<int*, int>)Find("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, int>)Find("cuDeviceGetName");
        PrimaryContextRetain = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
        PrimaryContextRelease = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
        ContextSetCurrent = (delegate* unmanaged<nint, int>)Find("cuCtxSetCurrent");
        ModuleLoadData = (delegate* unmanaged<nint*, void*, int>)Find("cuModuleLoadData");
        ModuleUnload = (delegate* unmanaged<nint, int>)Find("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Find("cuModuleGetFunction");
        StreamCreate = (delegate* unmanaged<nint*, uint, int>)Find("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, int>)Find("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, int>)Find("cuStreamSynchronize");
        LaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Find("cuLaunchKernel");
        errorName = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorName");
    }

    internal delegate* unmanaged<uint, int> Init { get; }

    internal delegate* unmanaged<int*, int> DeviceGetCount { get; }

    internal delegate* unmanaged<int*, int, int> DeviceGet { get; }

    internal delegate* unmanaged<byte*, int, int, int> DeviceGetName { get; }

    internal delegate* unmanaged<nint*, int, int> PrimaryContextRetain { get; }

    internal delegate* unmanaged<int, int> PrimaryContextRelease { get; }

    internal delegate* unmanaged<nint, int> ContextSetCurrent { get; }

    internal delegate* unmanaged<nint*, void*, int> ModuleLoadData { get; }

    internal delegate* unmanaged<nint, int> ModuleUnload { get; }

    internal delegate* unmanaged<nint*, nint, byte*, int> ModuleGetFunction { get; }

    internal delegate* unmanaged<nint*, uint, int> StreamCreate { get; }

    internal delegate* unmanaged<nint, int> StreamDestroy { get; }

    internal delegate* unmanaged<nint, int> StreamSynchronize { get; }

    internal delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> LaunchKernel { get; }

    /// <summary>Loads the driver of this host.</summary>
    /// <exception cref="UnavailableException">There is none, or it lacks a function.</exception>
    internal static CudaDriver Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new CudaDriver(library);
            }
        }

        throw new UnavailableException($"this host has no CUDA driver ({Names[0]})");
    }

    /// <summary>Throws unless the driver answered that a call succeeded.</summary>
    /// <param name="answer">The answer of the driver.</param>
    /// <param name="failure">What the failure means.</param>
    /// <exception cref="UnavailableException">The call failed.</exception>
    internal void Require(int answer, string failure)
    {
        if (answer != 0)
        {
            byte* name = null;
            string error = errorName(answer, &name) == 0 && name is not null
                ? Marshal.PtrToStringUTF8((nint)name)!
                : $"CUDA error {answer}";
            throw new UnavailableException($"{failure} ({error})");
        }
    }
}
