using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using GreenServe.Records.Systems;

namespace GreenServe.Records.Runs;

/// <summary>
/// Where a run took place. A simulated run does not name the host, since its record is the same bytes on every machine.
/// </summary>
public sealed record RunEnvironment
{
    /// <summary>Version of the suite.</summary>
    public required string SuiteVersion { get; init; }

    /// <summary>Git commit that the suite was built from; <c>null</c> if not known, and for a simulated run.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Operating system and kernel; <c>null</c> for a simulated run.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Model and number of the processors; <c>null</c> for a simulated run.</summary>
    public string? Processor { get; init; }

    /// <summary>The .NET runtime of the client; <c>null</c> for a simulated run.</summary>
    public string? Runtime { get; init; }

    /// <summary>The accelerators of the host, one line each with model, driver, clocks and caps; empty if there are none.</summary>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Version of the server or engine; <c>null</c> if the server did not say.</summary>
    public string? Server { get; init; }

    /// <summary>
    /// How fast the server's host is, measured before the run; <c>null</c> for a simulated run, and in records of earlier versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostSpeed? HostSpeed { get; init; }

    /// <summary>Version of this build, without build metadata.</summary>
    public static string Version { get; } = typeof(RunEnvironment).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The environment of a run that happened in virtual time.</summary>
    public static RunEnvironment Virtual() => new() { SuiteVersion = Version };

    /// <summary>The environment of a run on this host. The caller adds GPUs and server.</summary>
    public static RunEnvironment Host() => new()
    {
        SuiteVersion = Version,
        GitCommit = CommitOf(AppContext.GetData("GreenServe.Version") as string),
        OperatingSystem = RuntimeInformation.OSDescription,
        Processor = $"{ProcessorName()} x {Environment.ProcessorCount}",
        Runtime = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>The commit in a version: the part after the plus sign; <c>null</c> where there is none.</summary>
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
