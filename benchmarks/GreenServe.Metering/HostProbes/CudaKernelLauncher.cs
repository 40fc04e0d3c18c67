using System.Runtime.InteropServices;
using System.Text;
using GreenServe.Records;

namespace GreenServe.Metering.HostProbes;

/// <summary>Launches empty kernels on the first GPU that CUDA shows, through the driver alone.</summary>
/// <remarks>
/// A launcher holds a CUDA context, which takes some hundred megabytes of the GPU's memory, until it is disposed. Source of names, types
/// and limits: CUDA Driver API reference; PTX ISA for the kernel.
/// </remarks>
internal sealed unsafe class CudaKernelLauncher : IKernelLauncher
{
    private const int NameBytes = 256;

    /// <summary>A stream that does not wait for the default stream.</summary>
    private const uint NonBlocking = 1;

    /// <summary>A kernel that does nothing. The driver compiles it for its GPU.</summary>
    private static ReadOnlySpan<byte> Kernel =>
        ".version 6.0\n.target sm_50\n.address_size 64\n.visible .entry empty()\n{\n  ret;\n}\n\0"u8;

    private readonly CudaDriver driver;
    private readonly int device;
    private nint context;
    private nint module;
    private nint function;
    private nint stream;

    private CudaKernelLauncher(CudaDriver driver, int device)
    {
        this.driver = driver;
        this.device = device;
    }

    /// <inheritdoc />
    public string Gpu { get; private set; } = "";

    /// <summary>Opens the first GPU.</summary>
    /// <exception cref="UnavailableException">There is no driver or no GPU, or the GPU's memory is not enough.</exception>
    internal static CudaKernelLauncher Open()
    {
        CudaDriver driver = CudaDriver.Load();
        driver.Require(driver.Init(0), "the driver cannot be used");
        int count;
        driver.Require(driver.DeviceGetCount(&count), "the driver shows no GPUs");
        if (count == 0)
        {
            throw new UnavailableException("the driver shows no GPU");
        }

        int device;
        driver.Require(driver.DeviceGet(&device, 0), "the first GPU cannot be opened");
        CudaKernelLauncher launcher = new(driver, device);
        try
        {
            launcher.Prepare();
            return launcher;
        }
        catch
        {
            launcher.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Launch(int count)
    {
        for (int launch = 0; launch < count; launch++)
        {
            int answer = driver.LaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, null, null);
            if (answer != 0)
            {
                driver.Require(answer, "a kernel was not launched");
            }
        }
    }

    /// <inheritdoc />
    public void Wait() => driver.Require(driver.StreamSynchronize(stream), "a kernel did not end");

    /// <inheritdoc />
    public void Dispose()
    {
        if (stream != 0)
        {
            _ = driver.StreamDestroy(stream);
            stream = 0;
        }

        if (module != 0)
        {
            _ = driver.ModuleUnload(module);
            module = 0;
        }

        if (context != 0)
        {
            _ = driver.PrimaryContextRelease(device);
            context = 0;
        }
    }

    private void Prepare()
    {
        byte* name = stackalloc byte[NameBytes];
        driver.Require(driver.DeviceGetName(name, NameBytes, device), "the GPU has no name");
        Gpu = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        nint made;
        driver.Require(driver.PrimaryContextRetain(&made, device), $"no context can be made on {Gpu}");
        context = made;
        driver.Require(driver.ContextSetCurrent(context), $"the context on {Gpu} cannot be used");
        fixed (byte* image = Kernel)
        {
            driver.Require(driver.ModuleLoadData(&made, image), $"an empty kernel cannot be loaded on {Gpu}");
            module = made;
        }

        fixed (byte* entry = "empty\0"u8)
        {
            driver.Require(driver.ModuleGetFunction(&made, module, entry), $"an empty kernel is not found on {Gpu}");
            function = made;
        }

        driver.Require(driver.StreamCreate(&made, NonBlocking), $"no stream can be made on {Gpu}");
        stream = made;
    }
}
