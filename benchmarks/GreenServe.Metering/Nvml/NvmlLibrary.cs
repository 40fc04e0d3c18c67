using System.Reflection;
using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>The NVML that comes with the NVIDIA driver. Each group of calls has a file; this one loads the library.</summary>
/// <remarks>NVML is thread-safe. Source of names, types and units: NVML API reference guide.</remarks>
internal sealed partial class NvmlLibrary : INvml
{
    private const string Library = "nvidia-ml";

    /// <summary>Room for a text that the driver hands out; 96 is the most that NVML names anywhere.</summary>
    private const int TextBytes = 128;

    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["nvml.dll", @"C:\Program Files\NVIDIA Corporation\NVSMI\nvml.dll"]
        : ["libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1", "/run/opengl-driver/lib/libnvidia-ml.so.1"];

    /// <summary>The loaded library; zero, as the loader has it, if there is none.</summary>
    private static readonly Lazy<nint> Handle = new(Load);
    private bool isInitialized;

    static NvmlLibrary() => NativeLibrary.SetDllImportResolver(typeof(NvmlLibrary).Assembly, Resolve);

    public NvmlReturn Initialize()
    {
        if (Handle.Value == 0)
        {
            return NvmlReturn.LibraryNotFound;
        }

        NvmlReturn answer = nvmlInit_v2();
        isInitialized = answer == NvmlReturn.Success;
        return answer;
    }

    public NvmlResult<string> DriverVersion() => Text(nvmlSystemGetDriverVersion);

    public void Dispose()
    {
        if (isInitialized)
        {
            isInitialized = false;
            _ = nvmlShutdown();
        }
    }

    /// <summary>Whether the loaded library has a function; an old driver lacks the newer ones.</summary>
    private static bool Has(string function) => Handle.Value != 0 && NativeLibrary.TryGetExport(Handle.Value, function, out _);

    private delegate NvmlReturn TextCall(Span<byte> buffer, uint length);

    private static NvmlResult<string> Text(TextCall call)
    {
        Span<byte> buffer = stackalloc byte[TextBytes];
        NvmlReturn answer = call(buffer, (uint)buffer.Length);
        int end = buffer.IndexOf((byte)0);
        return new(answer, System.Text.Encoding.UTF8.GetString(buffer[..Math.Max(end, 0)]));
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == Library ? Handle.Value : 0;

    private static nint Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlInit_v2();

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlShutdown();

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlSystemGetDriverVersion(Span<byte> version, uint length);
}
