using GreenServe.Metering.Nvml;
using GreenServe.Metering.Rapl;

namespace GreenServe.Metering.Machine;

/// <summary>Everything of the outside world that discovery touches, so that a test can stand in for it.</summary>
/// <param name="OpenNvml">Opens the driver's library.</param>
/// <param name="Files">The host's files.</param>
/// <param name="PerfEvents">The kernel's performance counters.</param>
/// <param name="Environment">Reads an environment variable.</param>
/// <param name="Http">Makes the handler of HTTP connections to remote meters.</param>
/// <param name="WallClock">Wall-clock time, by which the driver stamps its samples.</param>
/// <param name="KnobFolder">Where GPUs that a crashed run left changed are written down.</param>
internal sealed record MachineAccess(
    Func<INvml> OpenNvml,
    SystemFiles Files,
    IPerfEvents PerfEvents,
    Func<string, string?> Environment,
    Func<HttpMessageHandler> Http,
    TimeProvider WallClock,
    string KnobFolder)
{
    internal static MachineAccess Real { get; } = new(
        () => new NvmlLibrary(),
        new SystemFiles("/"),
        new LinuxPerfEvents(),
        System.Environment.GetEnvironmentVariable,
        () => new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) },
        TimeProvider.System,
        DeviceSettings.DeviceKnobs.DefaultFolder);
}
