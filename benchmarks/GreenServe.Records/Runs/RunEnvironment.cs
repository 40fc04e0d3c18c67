using System.Reflection;
using System.Runtime.InteropServices;

namespace GreenServe.Records.Runs;

/// <summary>Where a run took place. A simulated run leaves the host out: it must be the same bytes on every machine.</summary>
public sealed record RunEnvironment
{
    /// <summary>Version of the suite.</summary>
    public required string SuiteVersion { get; init; }

    /// <summary>Git commit that the suite was built at, as its build says it; <c>null</c> if not known, and for a simulated run.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Operating system and kernel; <c>null</c> for a simulated run.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Processor model and count; <c>null</c> for a simulated run.</summary>
    public string? Processor { get; init; }

    /// <summary>Runtime of the client; <c>null</c> for a simulated run.</summary>
    public string? Runtime { get; init; }

    /// <summary>Accelerators seen, one line each with model, driver, clocks and caps; empty if none.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Version of the server or engine; <c>null</c> if it did not say.</summary>
    public string? Server { get; init; }

    /// <summary>Version of this build, without build metadata.</summary>
    public static string Version { get; } = typeof(RunEnvironment).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The environment of a run that happened in virtual time.</summary>
    public static RunEnvironment Virtual() => new() { SuiteVersion = Version };

    /// <summary>The environment of a run on this host; GPUs and server are added by those who know them.</summary>
    public static RunEnvironment Host() => new()
    {
        SuiteVersion = Version,
        GitCommit = CommitOf(
            typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion),
        OperatingSystem = RuntimeInformation.OSDescription,
        Processor = $"{ProcessorName()} x {Environment.ProcessorCount}",
        Runtime = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>The part of a version that names the source, after the plus sign; <c>null</c> where it names none.</summary>
    internal static string? CommitOf(string? informationalVersion) =>
        informationalVersion?.IndexOf('+', StringComparison.Ordinal) is int plus and >= 0 ? informationalVersion[(plus + 1)..] : null;

    private static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
