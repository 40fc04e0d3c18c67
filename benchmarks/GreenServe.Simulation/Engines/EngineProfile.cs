using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Simulation.Engines;

/// <summary>What a generation of a serving engine adds to the hardware: launches, host work and the scheduler's defaults.</summary>
public sealed record EngineProfile : IChecked
{
    /// <summary>Name, for example <c>vllm-2025</c>.</summary>
    [Description("Name of the profile.")]
    public required string Name { get; init; }

    /// <summary>Where the constants come from.</summary>
    [Description("Where the constants come from.")]
    public required string Source { get; init; }

    /// <summary>Host and launch costs on hardware that <see cref="Overrides"/> does not name.</summary>
    [Description("Host and launch costs on hardware that overrides does not name.")]
    public required EngineCosts Costs { get; init; }

    /// <summary>Costs on particular hardware.</summary>
    [Description("Costs on particular hardware.")]
    public IReadOnlyList<EngineCostsOnGpu> Overrides { get; init; } = [];

    /// <summary>Time a request spends outside the engine loop before its first token: HTTP, tokenisation, detokenisation (s).</summary>
    [Description("Time a request spends outside the engine loop before its first token, in seconds.")]
    [Range(0, 60)]
    public required double FrontEndSeconds { get; init; }

    /// <summary>Share of the accelerator's memory the engine may use.</summary>
    [Description("Share of the accelerator's memory the engine may use.")]
    [Range(0, 1, MinimumIsExclusive = true)]
    public double MemoryRatio { get; init; } = 0.9;

    /// <summary>Memory of that share kept for activations, graphs and buffers (bytes per accelerator).</summary>
    [Description("Memory kept for activations, graphs and buffers, in bytes per accelerator.")]
    [Range(0, 1_000_000_000_000)]
    public long ReservedBytes { get; init; } = 3_000_000_000;

    /// <summary>Bytes of one element of the key-value cache.</summary>
    [Description("Bytes of one element of the key-value cache.")]
    [Range(1, 4)]
    public int KeyValueBytes { get; init; } = 2;

    /// <summary>Tokens of one block of the key-value cache.</summary>
    [Description("Tokens of one block of the key-value cache.")]
    [Range(1, 1024)]
    public int BlockTokens { get; init; } = 16;

    /// <summary>Most sequences that run at once, unless the knob says otherwise.</summary>
    [Description("Most sequences that run at once, unless the knob says otherwise.")]
    [Range(1, 65536)]
    public int MaxSequences { get; init; } = 256;

    /// <summary>Most tokens of one step, unless the knob says otherwise.</summary>
    [Description("Most tokens of one step, unless the knob says otherwise.")]
    [Range(1, 1048576)]
    public int StepTokens { get; init; } = 2048;

    /// <summary>The costs on an accelerator.</summary>
    public EngineCosts CostsOn(string gpu) =>
        Overrides.FirstOrDefault(entry => string.Equals(entry.Gpu, gpu, StringComparison.OrdinalIgnoreCase))?.Costs ?? Costs;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (StepTokens < MaxSequences)
        {
            yield return new Problem("$.step_tokens", StepTokens, $"at least max_sequences ({MaxSequences}), so that every running sequence gets its token");
        }

        foreach (IGrouping<string, EngineCostsOnGpu> twice in Overrides.GroupBy(entry => entry.Gpu, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return new Problem("$.overrides", $"{twice.Count()} entries for '{twice.Key}'", "at most one entry for each gpu");
        }
    }
}
