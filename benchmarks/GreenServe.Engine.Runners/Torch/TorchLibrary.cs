using System.Diagnostics;
using System.Runtime.InteropServices;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Loads libtorch from an installed PyTorch. TorchSharp brings only a thin library that calls libtorch.</summary>
/// <remarks>
/// The environment variable GREENSERVE_TORCH_LIB names the folder. Without it, <c>python3</c> is asked for the folder. The class has been
/// checked with TorchSharp 0.107.0 on PyTorch 2.10 and 2.11.
/// </remarks>
internal static partial class TorchLibrary
{
    /// <summary>The environment variable that names the folder of libtorch.so.</summary>
    internal const string FolderVariable = "GREENSERVE_TORCH_LIB";

    // Each library needs those before it. A CPU build of PyTorch lacks those for CUDA.
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    private static readonly Lock Gate = new();
    private static bool loaded;

    /// <summary>
    /// The version of the PyTorch whose libraries are loaded, for example <c>2.11.0+cu130</c>. It is <c>of unknown version</c> if PyTorch
    /// does not tell its version, and <c>not loaded</c> before <see cref="Load"/>.
    /// </summary>
    internal static string Version { get; private set; } = "not loaded";

    /// <summary>Loads all libraries. Only the first call does so; later calls return at once.</summary>
    /// <exception cref="UnavailableException">
    /// PyTorch is not installed, or the libraries of this system are too old for TorchSharp.
    /// </exception>
    internal static void Load()
    {
        lock (Gate)
        {
            if (loaded)
            {
                return;
            }

            // The fuser would compile kernels for each new shape, and ragged batches bring new shapes all the time.
            if (OperatingSystem.IsLinux())
            {
                _ = SetEnvironment("PYTORCH_TENSOREXPR", "0", overwrite: 0);
            }

            string folder = FolderOf(Environment.GetEnvironmentVariable(FolderVariable));
            foreach (string library in Libraries.Where(name => File.Exists(Path.Combine(folder, name))))
            {
                LoadFrom(folder, library);
            }

            LoadShim();
            Version = VersionBeside(folder);
            loaded = true;
        }
    }

    /// <summary>Finds the folder of libtorch.</summary>
    /// <param name="named">The folder that the user names; <c>null</c> or empty for that of the PyTorch which python3 finds.</param>
    /// <exception cref="UnavailableException">There is no libtorch in the folder, or python3 finds no PyTorch.</exception>
    internal static string FolderOf(string? named)
    {
        string? folder = string.IsNullOrEmpty(named) ? AskPython() : named;
        if (folder is not null && File.Exists(Path.Combine(folder, "libtorch_cpu.so")))
        {
            return folder;
        }

        string reason = string.IsNullOrEmpty(named)
            ? "python3 finds no PyTorch here"
            : $"{FolderVariable} names {named}, which holds no libtorch_cpu.so";
        throw new UnavailableException(
            $"{reason}. The torch runner needs PyTorch 2.10 or 2.11: install it, or set {FolderVariable} to the folder of its "
            + "libtorch_cpu.so (site-packages/torch/lib). The CPU runner needs nothing: --runner onnx.");
    }

    /// <summary>Reads the version of PyTorch from <c>version.py</c> beside the libraries.</summary>
    /// <remarks>TorchSharp tells only the version for which it was built.</remarks>
    internal static string VersionBeside(string folder)
    {
        string path = Path.Combine(folder, "..", "version.py");
        const string Key = "__version__ = '";
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(one => one.StartsWith(Key, StringComparison.Ordinal))
            : null;
        return line is null ? "of unknown version" : line[Key.Length..].TrimEnd('\'', ' ');
    }

    private static string? AskPython()
    {
        // The script finds the package without importing it, since an import would take seconds.
        const string Script = "import importlib.util as u; s=u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";
        try
        {
            using Process? python = Process.Start(new ProcessStartInfo("python3", ["-c", Script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            string package = python!.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            return package.Length == 0 ? null : Path.Combine(package, "lib");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no python3 here.
            return null;
        }
    }

    private static void LoadFrom(string folder, string library)
    {
        string path = Path.Combine(folder, library);
        if (NativeLibrary.TryLoad(path, out _))
        {
            return;
        }

        // CUDA's own libraries are in packages beside PyTorch. The loader finds them by name once they are loaded.
        LoadCudaPackages(Path.GetFullPath(Path.Combine(folder, "..", "..", "nvidia")));
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new UnavailableException($"PyTorch's library {library} cannot be loaded: {exception.Message}");
        }
    }

    private static void LoadCudaPackages(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        List<string> pending = [.. Directory.GetDirectories(folder)
            .Select(package => Path.Combine(package, "lib"))
            .Where(Directory.Exists)
            .SelectMany(lib => Directory.GetFiles(lib, "*.so*"))];

        // The libraries need each other, so passes over them go on until no more can be loaded.
        for (int before = int.MaxValue; pending.Count < before;)
        {
            before = pending.Count;
            pending.RemoveAll(path => NativeLibrary.TryLoad(path, out _));
        }
    }

    private static void LoadShim()
    {
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"),
        ];
        string path = places.FirstOrDefault(File.Exists) ?? places[0];
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new UnavailableException(
                "TorchSharp's native library cannot be loaded: it needs a C++ runtime of GCC 13 or later (GLIBCXX_3.4.32; Ubuntu 24.04 has "
                + $"it, Debian 12 does not). The CPU runner needs nothing: --runner onnx. The system said: {exception.Message.Trim()}");
        }
    }

    // Environment.SetEnvironmentVariable changes only .NET's copy of the environment, which native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
