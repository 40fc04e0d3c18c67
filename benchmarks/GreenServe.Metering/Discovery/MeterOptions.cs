using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>Which meters a run uses. The default is every meter of this machine.</summary>
public sealed record MeterOptions
{
    /// <summary>No meter at all, not even this machine's.</summary>
    public static MeterOptions None { get; } = new() { UsesThisMachine = false };

    /// <summary>Whether this machine's own meters are used.</summary>
    public bool UsesThisMachine { get; init; } = true;

    /// <summary>GPUs: <c>all</c>, <c>none</c>, <c>cuda</c> (the order of CUDA_VISIBLE_DEVICES), or a list of indices and UUIDs.</summary>
    public string Gpus { get; init; } = "all";

    /// <summary>How many of those GPUs are used, from the first; <c>null</c> for all. The idle neighbours of a server's GPUs must not count.</summary>
    public int? GpuLimit { get; init; }

    /// <summary>Scopes to measure; <c>null</c> for all.</summary>
    public IReadOnlyList<MeterScope>? Scopes { get; init; }

    /// <summary>Whether the driver's 20 ms power samples are kept too, for the shape of the power over time.</summary>
    public bool WithPowerSamples { get; init; }

    /// <summary>Whether clocks, temperatures and throttling are kept, once a second.</summary>
    public bool WithDeviceState { get; init; } = true;

    /// <summary>Other hosts that run <c>greenserve meters serve</c>.</summary>
    public IReadOnlyList<Uri> Remotes { get; init; } = [];

    /// <summary>Power metrics in Prometheus' text format, dcgm-exporter among them.</summary>
    public IReadOnlyList<PrometheusTarget> Prometheus { get; init; } = [];

    /// <summary>Power by model, never used unless asked for, marked as estimated wherever its number appears.</summary>
    public IReadOnlyList<UtilizationPowerModel> Models { get; init; } = [];

    /// <summary>Reads options as they are given on a command line; see <see cref="MeterOptionsParser.Allowed"/>.</summary>
    /// <exception cref="Records.InvalidInputException">One or more are wrong; all are named.</exception>
    public static MeterOptions Parse(IEnumerable<string> texts) => MeterOptionsParser.Parse(texts);
}
