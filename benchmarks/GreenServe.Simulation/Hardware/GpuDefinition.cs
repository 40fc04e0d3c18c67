using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Hardware;

/// <summary>One kind of accelerator, as far as time, memory and power of a step depend on it.</summary>
public sealed record GpuDefinition : IChecked
{
    /// <summary>Name of the accelerator, for example <c>H100-80GB-SXM</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that published data use for the same part.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Source of the constants.</summary>
    public required string Source { get; init; }

    /// <summary>Memory, in bytes, from 1 GB to 100 TB.</summary>
    [Range(1_000_000_000, 100_000_000_000_000)]
    public required long MemoryBytes { get; init; }

    /// <summary>Nominal memory bandwidth, in bytes per second, above 0.</summary>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Clocks that can be locked.</summary>
    public required ClockRange Clock { get; init; }

    /// <summary>Power caps that can be set.</summary>
    public required PowerCapRange PowerCap { get; init; }

    /// <summary>Speed of 16-bit matrix products.</summary>
    public required PrecisionRating Bf16 { get; init; }

    /// <summary>Speed of 8-bit floating-point matrix products; <c>null</c> if the accelerator has none.</summary>
    public PrecisionRating? Fp8 { get; init; }

    /// <summary>
    /// Speed of 4-bit floating-point matrix products; <c>null</c> if the accelerator has none, so that 4-bit weights are unpacked and
    /// multiplied in 16 bits.
    /// </summary>
    public PrecisionRating? Fp4 { get; init; }

    /// <summary>Speed of 32-bit matrix products on the ordinary units; <c>null</c> if it is not known.</summary>
    public PrecisionRating? Fp32 { get; init; }

    /// <summary>Share of the memory bandwidth, in (0, 1], that attention over cached tokens reaches.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double DecodeAttentionEfficiency { get; init; }

    /// <summary>Share of the 16-bit peak, in (0, 1], that attention over a prompt reaches.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double PrefillAttentionEfficiency { get; init; }

    /// <summary>Cost of an all-reduce for each number of accelerators, in ascending order.</summary>
    public required IReadOnlyList<AllReduceRating> AllReduce { get; init; }

    /// <summary>Power that the accelerator draws for each purpose.</summary>
    public required PowerConstants Power { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        for (int index = 1; index < AllReduce.Count; index++)
        {
            if (AllReduce[index].Gpus <= AllReduce[index - 1].Gpus)
            {
                yield return new Problem(
                    $"$.all_reduce[{index}].gpus", AllReduce[index].Gpus, $"more than the one before ({AllReduce[index - 1].Gpus})");
            }
        }

        double floor = Power.IdleWatts + Power.ClockedWatts + Power.BusyWatts;
        if (floor >= PowerCap.HighestWatts)
        {
            yield return new Problem(
                "$.power", $"{floor} W for no work done", $"less than power_cap.highest_watts ({PowerCap.HighestWatts} W)");
        }

        foreach ((string name, PrecisionRating? rating) in new[] { ("fp8", Fp8), ("fp4", Fp4) })
        {
            if (rating is not null && rating.PeakFlopsPerSecond < Bf16.PeakFlopsPerSecond)
            {
                yield return new Problem(
                    $"$.{name}.peak_flops_per_second", rating.PeakFlopsPerSecond, $"at least the peak of bf16 ({Bf16.PeakFlopsPerSecond})");
            }
        }
    }
}
