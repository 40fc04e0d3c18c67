using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Systems;

/// <summary>
/// How fast a host does the work that serving leaves to it: launching kernels, running one thread, and copying memory. A probe measures it
/// on the host of a server, or a source states it.
/// </summary>
/// <remarks>
/// Figures compare only between equal versions of the probe. <c>docs/reference/host-speed.md</c> defines each figure and states its error.
/// </remarks>
public sealed record HostSpeed : IChecked
{
    /// <summary>The version of the probe's definitions that this build measures.</summary>
    public const int CurrentProbeVersion = 1;

    /// <summary>Limits of what a document may state. No host comes near them.</summary>
    private const double MaxRate = 1e15;
    private const double MaxSpreadRatio = 1e6;
    private const double MaxProbeSeconds = 1e6;

    /// <summary>Version of the definitions of the figures, at least 1.</summary>
    /// <value>Default: the version that this build measures.</value>
    [Range(1, int.MaxValue)]
    public int ProbeVersion { get; init; } = CurrentProbeVersion;

    /// <summary>
    /// Time that a thread of the host takes to launch an empty kernel on a GPU without waiting for it, in seconds, above 0 and at most 1;
    /// <c>null</c> where it is not known.
    /// </summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LaunchSeconds { get; init; }

    /// <summary>Interquartile range of <see cref="LaunchSeconds"/> over the batches of the probe, as a share of the median.</summary>
    [Range(0, MaxSpreadRatio)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LaunchSpreadRatio { get; init; }

    /// <summary>The GPU that the kernels were launched on, as its driver calls it; <c>null</c> where none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LaunchGpu { get; init; }

    /// <summary>
    /// Operations of the probe's scheduler workload that one thread does in a second, above 0 and at most 1e15; <c>null</c> where it is not
    /// known.
    /// </summary>
    [Range(0, MaxRate, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SingleThreadOperationsPerSecond { get; init; }

    /// <summary>
    /// Interquartile range of <see cref="SingleThreadOperationsPerSecond"/> over the batches of the probe, as a share of the median.
    /// </summary>
    [Range(0, MaxSpreadRatio)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SingleThreadSpreadRatio { get; init; }

    /// <summary>
    /// Bytes that all cores together read and write in a second when they copy memory, above 0 and at most 1e15; <c>null</c> where it is
    /// not known.
    /// </summary>
    [Range(0, MaxRate, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MemoryBytesPerSecond { get; init; }

    /// <summary>
    /// Interquartile range of <see cref="MemoryBytesPerSecond"/> over the batches of the probe, as a share of the median.
    /// </summary>
    [Range(0, MaxSpreadRatio)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MemorySpreadRatio { get; init; }

    /// <summary>
    /// Bytes that one thread reads and writes in a second when it copies memory, above 0 and at most 1e15; <c>null</c> where it is not
    /// known.
    /// </summary>
    [Range(0, MaxRate, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SingleThreadMemoryBytesPerSecond { get; init; }

    /// <summary>
    /// Interquartile range of <see cref="SingleThreadMemoryBytesPerSecond"/> over the batches of the probe, as a share of the median.
    /// </summary>
    [Range(0, MaxSpreadRatio)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SingleThreadMemorySpreadRatio { get; init; }

    /// <summary>What was not measured and why; <c>null</c> where everything was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotMeasured { get; init; }

    /// <summary>Time that the probe took, in seconds, with the start of its process; <c>null</c> where no probe ran.</summary>
    [Range(0, MaxProbeSeconds)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ProbeSeconds { get; init; }

    /// <summary>The speed of a host that no probe has measured.</summary>
    /// <param name="reason">Why none has.</param>
    public static HostSpeed Unknown(string reason) => new() { NotMeasured = reason };

    /// <summary>Whether a figure by which predictions are scaled is known: the launch time or the speed of one thread.</summary>
    public bool IsKnown() => LaunchSeconds is not null || SingleThreadOperationsPerSecond is not null;

    /// <summary>The figures by which predictions are scaled, in words, for example <c>launches in 4.50 us and ...</c>.</summary>
    [JsonIgnore]
    public string Text => (LaunchText, SingleThreadText) switch
    {
        (null, null) => $"unknown speed ({NotMeasured ?? "not measured"})",
        ({ } launch, { } thread) => $"{launch} a launch and {thread}",
        ({ } launch, null) => $"{launch} a launch",
        (null, { } thread) => thread,
    };

    /// <summary>The launch time with its unit; <c>null</c> where it is not known.</summary>
    [JsonIgnore]
    public string? LaunchText => LaunchSeconds is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{1e6 * seconds:0.00} us")
        : null;

    /// <summary>The speed of one thread with its unit; <c>null</c> where it is not known.</summary>
    [JsonIgnore]
    public string? SingleThreadText => SingleThreadOperationsPerSecond is { } operations
        ? string.Create(CultureInfo.InvariantCulture, $"{operations / 1e6:0.00} million operations/s")
        : null;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        bool isEmpty = !IsKnown() && MemoryBytesPerSecond is null && SingleThreadMemoryBytesPerSecond is null;
        if (isEmpty && string.IsNullOrWhiteSpace(NotMeasured))
        {
            yield return new Problem(
                "$.not_measured", null, "launch_seconds, single_thread_operations_per_second, or the reason why nothing was measured");
        }
    }
}
