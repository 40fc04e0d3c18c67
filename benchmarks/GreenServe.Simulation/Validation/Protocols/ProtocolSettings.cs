using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Validation.Protocols;

/// <summary>Settings of an engine that a source used, for the points that meet the conditions.</summary>
public sealed record ProtocolSettings
{
    /// <summary>Condition: beginnings of the names of the accelerators.</summary>
    /// <value>Default: any.</value>
    public IReadOnlyList<string> Gpus { get; init; } = [];

    /// <summary>Condition: names of the models as the points state them.</summary>
    /// <value>Default: any.</value>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Condition: number formats.</summary>
    /// <value>Default: any.</value>
    public IReadOnlyList<Precision> Precisions { get; init; } = [];

    /// <summary>Condition: largest tensor parallelism, from 1 to 64; <c>null</c> for any.</summary>
    [Range(1, 64)]
    public int? MaxTensorParallelism { get; init; }

    /// <summary>Condition: largest prompt, in tokens, from 1 to 1048576; <c>null</c> for any.</summary>
    [Range(1, 1048576)]
    public int? MaxInputTokens { get; init; }

    /// <summary>Condition: largest output, in tokens, from 1 to 1048576; <c>null</c> for any.</summary>
    [Range(1, 1048576)]
    public int? MaxOutputTokens { get; init; }

    /// <summary>Largest number of tokens in one step, from 1 to 1048576; <c>null</c> to leave it.</summary>
    [Range(1, 1048576)]
    public int? StepTokens { get; init; }

    /// <summary>Largest number of tokens in one step beyond the prompt, from 0 to 1048576; <c>null</c> to leave it.</summary>
    [Range(0, 1048576)]
    public int? StepTokensBeyondInput { get; init; }

    /// <summary>
    /// Largest number of tokens in one step beyond prompt and output together, from 0 to 1048576; <c>null</c> to leave it.
    /// </summary>
    [Range(0, 1048576)]
    public int? StepTokensBeyondRequest { get; init; }

    /// <summary>Whether the batch holds as many sequences as there are users; <c>null</c> to leave it.</summary>
    public bool? MaxSequencesAreUsers { get; init; }

    /// <summary>
    /// Number of sequences, from 0 to 65536, by which the batch falls short of the users; <c>null</c> to leave it. It has a meaning only
    /// where <see cref="MaxSequencesAreUsers"/> holds.
    /// </summary>
    [Range(0, 65536)]
    public int? SequencesBelowUsers { get; init; }

    /// <summary>Bytes of one element of the key-value cache, from 1 to 4; <c>null</c> to leave it.</summary>
    [Range(1, 4)]
    public int? KeyValueBytes { get; init; }

    /// <summary>How prompts are put into steps; <c>null</c> to leave it.</summary>
    public SchedulerPolicy? Scheduler { get; init; }

    /// <summary>
    /// Whether the host works on the next step while the accelerators work on this one; <c>null</c> to leave it.
    /// </summary>
    public bool? OverlapsHost { get; init; }

    /// <summary>Share of each prompt, from 0 to 1, that the cache held before; <c>null</c> to leave it.</summary>
    [Range(0, 1)]
    public double? CachedPromptRatio { get; init; }

    /// <summary>Whether a measured setup meets the conditions.</summary>
    internal bool Holds(MeasuredSetup setup) =>
        (Gpus.Count == 0 || Gpus.Any(gpu => setup.Gpu.StartsWith(gpu, StringComparison.OrdinalIgnoreCase)))
        && (Models.Count == 0 || Models.Contains(setup.Model, StringComparer.OrdinalIgnoreCase))
        && (Precisions.Count == 0 || Precisions.Contains(setup.Precision))
        && !(setup.TensorParallelism > MaxTensorParallelism)
        && !(setup.InputTokens > MaxInputTokens)
        && !(setup.OutputTokens > MaxOutputTokens);

    /// <summary>These settings where they say something, otherwise those before them.</summary>
    internal ProtocolSettings After(ProtocolSettings before)
    {
        bool setsTokens = StepTokens is not null || StepTokensBeyondInput is not null || StepTokensBeyondRequest is not null;
        return new ProtocolSettings
        {
            StepTokens = setsTokens ? StepTokens : before.StepTokens,
            StepTokensBeyondInput = setsTokens ? StepTokensBeyondInput : before.StepTokensBeyondInput,
            StepTokensBeyondRequest = setsTokens ? StepTokensBeyondRequest : before.StepTokensBeyondRequest,
            MaxSequencesAreUsers = MaxSequencesAreUsers ?? before.MaxSequencesAreUsers,
            KeyValueBytes = KeyValueBytes ?? before.KeyValueBytes,
            Scheduler = Scheduler ?? before.Scheduler,
            OverlapsHost = OverlapsHost ?? before.OverlapsHost,
            CachedPromptRatio = CachedPromptRatio ?? before.CachedPromptRatio,
            SequencesBelowUsers = SequencesBelowUsers ?? before.SequencesBelowUsers,
        };
    }

    /// <summary>Number of tokens in one step for requests of these lengths; <c>null</c> where the engine decides.</summary>
    internal int? StepTokensFor(double inputTokens, double outputTokens) => StepTokens
        ?? StepTokensBeyondInput + (int)Math.Ceiling(inputTokens)
        ?? StepTokensBeyondRequest + (int)Math.Ceiling(inputTokens + outputTokens);

    /// <summary>An engine with these settings.</summary>
    internal EngineProfile Apply(EngineProfile engine) => engine with
    {
        KeyValueBytes = KeyValueBytes ?? engine.KeyValueBytes,
        QuantisedKeyValueBytes = KeyValueBytes ?? engine.QuantisedKeyValueBytes,
        Scheduler = Scheduler ?? engine.Scheduler,
        Costs = OverlapsHost is { } overlaps ? engine.Costs with { OverlapsHost = overlaps } : engine.Costs,
        CachesPrefixes = engine.CachesPrefixes || CachedPromptRatio > 0,
    };
}
