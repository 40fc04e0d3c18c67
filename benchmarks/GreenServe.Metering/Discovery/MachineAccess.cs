using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Nvml;
using GreenServe.Metering.Rapl;
using GreenServe.Records.Http;

namespace GreenServe.Metering.Discovery;

/// <summary>Everything of the outside world that discovery touches, so that a test can stand in for it.</summary>
/// <param name="OpenNvml">Opens the library of the NVIDIA driver.</param>
/// <param name="Files">The files of the host.</param>
/// <param name="PerfEvents">The performance counters of the kernel.</param>
/// <param name="Environment">Reads an environment variable; <c>null</c> if it is not set.</param>
/// <param name="Http">Makes the handler of HTTP connections to remote meters.</param>
/// <param name="Clock">The clock of this machine: the driver stamps its samples by its wall-clock time, and all waits use it.</param>
/// <param name="KnobFolder">The folder with the notes of GPUs that a crashed run left changed.</param>
internal sealed record MachineAccess(
    Func<INvml> OpenNvml,
    SystemFiles Files,
    IPerfEvents PerfEvents,
    Func<string, string?> Environment,
    Func<HttpMessageHandler> Http,
    TimeProvider Clock,
    string KnobFolder)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>This machine as it is.</summary>
    internal static MachineAccess Real { get; } = new(
        () => new NvmlLibrary(),
        new SystemFiles("/"),
        new LinuxPerfEvents(),
        System.Environment.GetEnvironmentVariable,
        ConnectDirectly,
        TimeProvider.System,
        DeviceKnobs.DefaultFolder);

    /// <summary>Connections to remote meters use no proxy: it would read the secret that both hosts share.</summary>
    private static SocketsHttpHandler ConnectDirectly()
    {
        SocketsHttpHandler handler = DirectHttp.CreateHandler();
        handler.ConnectTimeout = ConnectTimeout;
        return handler;
    }
}
