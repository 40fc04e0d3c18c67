using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Engines;

/// <summary>One generation of a serving engine: its host and launch costs, and the defaults of its scheduler.</summary>
public sealed record EngineProfile : IChecked
{
    /// <summary>Name of the profile, for example <c>vllm-0.11</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names of the profile.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Source of the constants.</summary>
    public required string Source { get; init; }

    /// <summary>Host and launch costs of a step.</summary>
    public required EngineCosts Costs { get; init; }

    /// <summary>
    /// Speed of the host on which <see cref="Costs"/> and <see cref="FrontEndSeconds"/> were fitted; <c>null</c> where it is not known.
    /// Predictions for another host are scaled from it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostSpeed? FittedHost { get; init; }

    /// <summary>Values that differ on particular accelerators. The first entry that names an accelerator counts.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<EngineOnGpu> Overrides { get; init; } = [];

    /// <summary>
    /// Time that a request spends outside the engine loop before its first token, in seconds, from 0 to 60: HTTP, tokenisation and
    /// detokenisation.
    /// </summary>
    [Range(0, 60)]
    public required double FrontEndSeconds { get; init; }

    /// <summary>Share of the accelerator's memory, in (0, 1], that the engine may use.</summary>
    /// <value>Default 0.9.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double MemoryRatio { get; init; } = 0.9;

    /// <summary>Memory kept for activations, graphs and buffers on each accelerator, in bytes, from 0 to 1 TB.</summary>
    /// <value>Default 3 GB.</value>
    [Range(0, 1_000_000_000_000)]
    public long ReservedBytes { get; init; } = 3_000_000_000;

    /// <summary>Bytes of one element of the key-value cache, from 1 to 4.</summary>
    /// <value>Default 2.</value>
    [Range(1, 4)]
    public int KeyValueBytes { get; init; } = 2;

    /// <summary>
    /// Bytes of one element of the key-value cache with quantised weights, from 1 to 4; <c>null</c> for <see cref="KeyValueBytes"/>.
    /// </summary>
    [Range(1, 4)]
    public int? QuantisedKeyValueBytes { get; init; }

    /// <summary>
    /// Whether a sequence gets all the cache that it may need when it is admitted, so that no sequence is ever preempted.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool ReservesWholeLength { get; init; }

    /// <summary>How prompts are put into steps.</summary>
    /// <value>Default: prompts are cut into chunks and share steps with decoding sequences.</value>
    public SchedulerPolicy Scheduler { get; init; } = new();

    /// <summary>Whether other kernels quantise the activations, so that a quantised product starts as fast as a 16-bit one.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool FusesQuantisation { get; init; }

    /// <summary>Speculative decoding; <c>null</c> for none.</summary>
    public SpeculativeDecoding? Speculative { get; init; }

    /// <summary>Whether a prefix that requests share is kept while there is room, so that it is not computed again.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool CachesPrefixes { get; init; }

    /// <summary>Number of tokens in one block of the key-value cache, from 1 to 1024.</summary>
    /// <value>Default 16.</value>
    [Range(1, 1024)]
    public int BlockTokens { get; init; } = 16;

    /// <summary>Largest number of sequences that run at once where the knob sets none, from 1 to 65536.</summary>
    /// <value>Default 256.</value>
    [Range(1, 65536)]
    public int MaxSequences { get; init; } = 256;

    /// <summary>Largest number of tokens in one step where the knob sets none, from 1 to 1048576.</summary>
    /// <value>Default 2048.</value>
    [Range(1, 1048576)]
    public int StepTokens { get; init; } = 2048;

    /// <summary>
    /// What a simulation with this profile may be off by on each accelerator that it was calibrated on, from runs of the same server that
    /// were held out of the calibration.
    /// </summary>
    /// <value><c>null</c>, the default, where the errors on published points tell it.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ErrorBands>? Errors { get; init; }

    /// <summary>
    /// Digests of the run records that the constants were fitted to, so that a comparison with one of them is not taken for a prediction.
    /// </summary>
    /// <value><c>null</c>, the default, where they are not known.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? FittedRuns { get; init; }

    /// <summary>
    /// The accelerator with the constants that were measured with this engine, or the accelerator itself where none were.
    /// </summary>
    /// <param name="gpu">The accelerator.</param>
    /// <exception cref="InvalidInputException">The profile names an accelerator that the catalog does not have.</exception>
    public GpuDefinition AcceleratorFor(GpuDefinition gpu) =>
        Overrides.FirstOrDefault(entry => entry.Gpus.Contains(gpu.Name, StringComparer.OrdinalIgnoreCase))?.Accelerator is { } name
            ? GpuCatalog.Find(name)
            : gpu;

    /// <summary>A copy of this profile with its overrides for one accelerator applied.</summary>
    /// <param name="gpu">Name of the accelerator, in any case.</param>
    public EngineProfile On(string gpu)
    {
        EngineOnGpu? there = Overrides.FirstOrDefault(entry => entry.Gpus.Contains(gpu, StringComparer.OrdinalIgnoreCase));
        return there is null ? this : this with
        {
            Costs = there.Costs ?? Costs,
            FrontEndSeconds = there.FrontEndSeconds ?? FrontEndSeconds,
            FittedHost = there.FittedHost ?? (there.Costs is null && there.FrontEndSeconds is null ? FittedHost : null),
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
            yield return new Problem(
                "$.step_tokens",
                StepTokens,
                $"at least max_sequences ({MaxSequences}), so that every running sequence gets its token");
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
