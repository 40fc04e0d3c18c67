using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>One kind of accelerator: all that time, memory and power of a step depend on.</summary>
public sealed record GpuDefinition : IChecked
{
    /// <summary>Name, for example <c>H100-80GB-SXM</c>.</summary>
    [Description("Name of the accelerator.")]
    public required string Name { get; init; }

    /// <summary>Other names the same part goes by in published data.</summary>
    [Description("Other names the same part goes by in published data.")]
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where the constants come from.</summary>
    [Description("Where the constants come from.")]
    public required string Source { get; init; }

    /// <summary>Memory (bytes).</summary>
    [Description("Memory in bytes.")]
    [Range(1_000_000_000, 100_000_000_000_000)]
    public required long MemoryBytes { get; init; }

    /// <summary>Nominal memory bandwidth (bytes/s).</summary>
    [Description("Nominal memory bandwidth in bytes per second.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Clocks.</summary>
    [Description("Clocks that can be locked.")]
    public required ClockRange Clock { get; init; }

    /// <summary>Power caps.</summary>
    [Description("Power caps that can be set.")]
    public required PowerCapRange PowerCap { get; init; }

    /// <summary>Speed at 16-bit products.</summary>
    [Description("Speed at 16-bit products.")]
    public required PrecisionRating Bf16 { get; init; }

    /// <summary>Speed at 8-bit floating-point products; <c>null</c> if the part has none.</summary>
    [Description("Speed at 8-bit floating-point products; absent if the part has none.")]
    public PrecisionRating? Fp8 { get; init; }

    /// <summary>Speed at 32-bit products on the ordinary units; <c>null</c> if not known.</summary>
    [Description("Speed at 32-bit products on the ordinary units; absent if not known.")]
    public PrecisionRating? Fp32 { get; init; }

    /// <summary>Share of the memory bandwidth that attention over cached tokens reaches (0, 1].</summary>
    [Description("Share of the memory bandwidth that attention over cached tokens reaches.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double DecodeAttentionEfficiency { get; init; }

    /// <summary>Share of the 16-bit peak that attention over a prompt reaches (0, 1].</summary>
    [Description("Share of the 16-bit peak that attention over a prompt reaches.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double PrefillAttentionEfficiency { get; init; }

    /// <summary>Cost of an all-reduce by number of accelerators, ascending.</summary>
    [Description("Cost of an all-reduce by number of accelerators, ascending.")]
    public required IReadOnlyList<AllReduceRating> AllReduce { get; init; }

    /// <summary>Power.</summary>
    [Description("What the accelerator draws and for what.")]
    public required PowerConstants Power { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        for (int index = 1; index < AllReduce.Count; index++)
        {
            if (AllReduce[index].Gpus <= AllReduce[index - 1].Gpus)
            {
                yield return new Problem($"$.all_reduce[{index}].gpus", AllReduce[index].Gpus, $"more than the one before ({AllReduce[index - 1].Gpus})");
            }
        }

        double floor = Power.IdleWatts + Power.ClockedWatts;
        if (floor >= PowerCap.HighestWatts)
        {
            yield return new Problem("$.power", $"{floor} W without load", $"less than power_cap.highest_watts ({PowerCap.HighestWatts} W)");
        }

        if (Fp8 is { } fp8 && fp8.PeakFlopsPerSecond < Bf16.PeakFlopsPerSecond)
        {
            yield return new Problem("$.fp8.peak_flops_per_second", fp8.PeakFlopsPerSecond, $"at least the peak of bf16 ({Bf16.PeakFlopsPerSecond})");
        }
    }
}
