using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Hardware;

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

    /// <summary>Host and launch costs.</summary>
    [Description("Host and launch costs.")]
    public required EngineCosts Costs { get; init; }

    /// <summary>What is different on particular accelerators; the first entry that names one counts.</summary>
    [Description("What is different on particular accelerators; the first entry that names one counts.")]
    public IReadOnlyList<EngineOnGpu> Overrides { get; init; } = [];

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

    /// <summary>Bytes of one element of the key-value cache when the weights are quantised; <c>null</c> for the same.</summary>
    [Description("Bytes of one element of the key-value cache when the weights are quantised; absent for the same.")]
    [Range(1, 4)]
    public int? QuantisedKeyValueBytes { get; init; }

    /// <summary>Whether a sequence gets all the cache it may ever need when it is admitted, so that none is ever preempted.</summary>
    [Description("Whether a sequence gets all the cache it may ever need when it is admitted, so that none is ever preempted.")]
    public bool ReservesWholeLength { get; init; }

    /// <summary>Whether quantising activations is part of the kernels before a product, so that a quantised product costs no more launches than a 16-bit one.</summary>
    [Description("Whether quantising activations is part of other kernels, so that a quantised product starts as fast as a 16-bit one.")]
    public bool FusesQuantisation { get; init; }

    /// <summary>Speculative decoding; <c>null</c> for none.</summary>
    [Description("Speculative decoding; absent for none.")]
    public SpeculativeDecoding? Speculative { get; init; }

    /// <summary>Whether a prefix that requests share is kept and not computed again while there is room.</summary>
    [Description("Whether a prefix that requests share is kept and not computed again while there is room.")]
    public bool CachesPrefixes { get; init; }

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

    /// <summary>The accelerator with the constants that this engine was measured to have on it; the same where none are known.</summary>
    /// <exception cref="InvalidInputException">The profile names one that the catalogue does not hold.</exception>
    public GpuDefinition AcceleratorFor(GpuDefinition gpu) =>
        Overrides.FirstOrDefault(entry => entry.Gpus.Contains(gpu.Name, StringComparer.OrdinalIgnoreCase))?.Accelerator is { } name
            ? GpuCatalog.Find(name)
            : gpu;

    /// <summary>This profile as it is on an accelerator.</summary>
    public EngineProfile On(string gpu)
    {
        EngineOnGpu? there = Overrides.FirstOrDefault(entry => entry.Gpus.Contains(gpu, StringComparer.OrdinalIgnoreCase));
        return there is null ? this : this with
        {
            Costs = there.Costs ?? Costs,
            MaxSequences = there.MaxSequences ?? MaxSequences,
            StepTokens = there.StepTokens ?? StepTokens,
            Overrides = [],
        };
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (StepTokens < MaxSequences)
        {
            yield return new Problem("$.step_tokens", StepTokens, $"at least max_sequences ({MaxSequences}), so that every running sequence gets its token");
        }

        for (int index = 0; index < Overrides.Count; index++)
        {
            int tokens = Overrides[index].StepTokens ?? StepTokens;
            int sequences = Overrides[index].MaxSequences ?? MaxSequences;
            if (tokens < sequences)
            {
                yield return new Problem($"$.overrides[{index}].step_tokens", tokens, $"at least max_sequences there ({sequences})");
            }
        }
    }
}
