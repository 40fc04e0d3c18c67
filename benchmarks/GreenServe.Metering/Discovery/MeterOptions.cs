using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>Which meters a run uses. The default is every meter of this machine.</summary>
public sealed record MeterOptions
{
    /// <summary>No meter at all, not even those of this machine.</summary>
    public static MeterOptions None { get; } = new() { UsesThisMachine = false };

    /// <summary>Whether the meters of this machine are used.</summary>
    /// <value>The default is <c>true</c>.</value>
    public bool UsesThisMachine { get; init; } = true;

    /// <summary>The GPUs of this machine that are measured.</summary>
    /// <value>
    /// <c>all</c>, <c>none</c>, <c>cuda</c> (the order of CUDA_VISIBLE_DEVICES), or a list of indices and UUIDs with commas between
    /// them. The default is <c>all</c>.
    /// </value>
    public string Gpus { get; init; } = "all";

    /// <summary>How many of those GPUs are used, from the first. The idle neighbours of a server's GPUs must not count.</summary>
    /// <value>A number of zero or more. The default is <c>null</c>: all of them.</value>
    public int? GpuLimit { get; init; }

    /// <summary>The scopes that are measured.</summary>
    /// <value>The default is <c>null</c>: every scope.</value>
    public IReadOnlyList<MeterScope>? Scopes { get; init; }

    /// <summary>Whether the power samples that the driver takes each 20 ms are kept too, for the shape of the power over time.</summary>
    /// <value>The default is <c>false</c>.</value>
    public bool WithPowerSamples { get; init; }

    /// <summary>Whether clocks, temperatures and throttling are kept, once a second.</summary>
    /// <value>The default is <c>true</c>.</value>
    public bool WithDeviceState { get; init; } = true;

    /// <summary>The addresses of other hosts that run <c>greenserve meters serve</c>.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<Uri> Remotes { get; init; } = [];

    /// <summary>The power metrics that exporters show in Prometheus' text format, those of dcgm-exporter among them.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<PrometheusTarget> Prometheus { get; init; } = [];

    /// <summary>The power models that stand in for meters. Their numbers are marked as estimated wherever they appear.</summary>
    /// <value>The default is empty: a model is never used unless somebody asks for it.</value>
    public IReadOnlyList<UtilizationPowerModel> Models { get; init; } = [];

    /// <summary>Reads options as they are given on a command line.</summary>
    /// <param name="texts">One text for each option; <see cref="MeterOptionsParser.Allowed"/> lists what it may say.</param>
    /// <exception cref="Records.InvalidInputException">One or more texts are wrong; the exception names all of them.</exception>
    public static MeterOptions Parse(IEnumerable<string> texts) => MeterOptionsParser.Parse(texts);
}
