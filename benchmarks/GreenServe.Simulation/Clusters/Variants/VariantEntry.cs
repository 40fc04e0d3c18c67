using System.Text.Json.Serialization;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters.Variants;

/// <summary>A model or precision in a cluster file that instances can serve in place of their own.</summary>
public sealed record VariantEntry
{
    /// <summary>The model, by name or by the path of a file.</summary>
    /// <value>Default <c>null</c>: the model of the group.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>Number format of weights and matrix products.</summary>
    /// <value>Default <c>null</c>: that of the group.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Precision? Precision { get; init; }

    /// <summary>How good its answers are; <c>null</c> where that is not stated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelQuality? Quality { get; init; }

    /// <summary>
    /// Whether every instance keeps its weights in memory beside those that it serves. Changing to it then takes no time, and the cache of
    /// every instance is smaller by these weights.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool FitsBeside { get; init; }

    /// <summary>The variant, with its model looked up.</summary>
    internal ModelVariant Variant() => new()
    {
        Model = Model is null ? null : ModelCatalog.Read(Model),
        Precision = Precision,
        Quality = Quality,
        FitsBeside = FitsBeside,
    };
}
