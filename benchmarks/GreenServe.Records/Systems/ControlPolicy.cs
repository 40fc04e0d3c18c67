using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GreenServe.Records.Systems;

/// <summary>The policy that controlled a simulated cluster during a run.</summary>
public sealed record ControlPolicy
{
    /// <summary>Name of the policy.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Whether the policy read the schedule of the run before it began. Such a policy is an oracle: a bound for others, which nobody can
    /// run.
    /// </summary>
    public bool KnowsFuture { get; init; }

    /// <summary>
    /// Whether the policy starts from a history of traffic for which the requests of the run itself stand, as if the same had come before.
    /// An operator has an older one, which fits less well.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StartsFromOwnTraffic { get; init; }

    /// <summary>
    /// The knobs that differ during the run from those that the record states, which are those of the first server before the run; each
    /// with the lowest and the highest value that was used.
    /// </summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? ChangedKnobs { get; init; }

    /// <summary>The policy with its parameters, as canonical JSON; <c>null</c> in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? Definition { get; init; }

    /// <summary>Knobs without those of <see cref="ChangedKnobs"/>, which had no one value during the run.</summary>
    /// <param name="stated">The knobs that the record states.</param>
    public Knobs Unchanged(Knobs stated) => stated with
    {
        TensorParallelism = IsChanged("tensor_parallelism") ? null : stated.TensorParallelism,
        PipelineParallelism = IsChanged("pipeline_parallelism") ? null : stated.PipelineParallelism,
        GpuClockMegahertz = IsChanged("gpu_clock_megahertz") ? null : stated.GpuClockMegahertz,
        PowerCapWatts = IsChanged("power_cap_watts") ? null : stated.PowerCapWatts,
        MaxBatch = IsChanged("max_batch") ? null : stated.MaxBatch,
        StepTokens = IsChanged("step_tokens") ? null : stated.StepTokens,
        Precision = IsChanged("precision") ? null : stated.Precision,
    };

    private bool IsChanged(string knob) => ChangedKnobs?.ContainsKey(knob) ?? false;
}
