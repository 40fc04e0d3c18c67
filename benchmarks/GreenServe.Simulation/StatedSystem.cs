using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Simulation;

/// <summary>What a user states of the system of a run record, in place of what the record says or where it says nothing.</summary>
public sealed record StatedSystem
{
    /// <summary>Accelerator in place of the record's, by name or file; <c>null</c> for the record's.</summary>
    public string? Gpu { get; init; }

    /// <summary>Engine profile in place of the record's, by name or file; <c>null</c> for the record's.</summary>
    public string? Engine { get; init; }

    /// <summary>Model in place of the record's, by name, alias or file; <c>null</c> for the record's.</summary>
    public string? Model { get; init; }

    /// <summary>Knobs of the server that the record does not state. A knob that the record states counts as it stands there.</summary>
    /// <value>Default: none.</value>
    public Knobs Knobs { get; init; } = new();

    /// <summary>A problem for each knob that is stated here otherwise than a record states it. It would have no effect.</summary>
    internal IEnumerable<Problem> Contradictions(Knobs recorded)
    {
        JsonObject there = DocumentContract.ToNode(recorded)!.AsObject();
        return from here in DocumentContract.ToNode(Knobs)!.AsObject()
               where here.Value is not null && there[here.Key] is { } found && !JsonNode.DeepEquals(found, here.Value)
               select new Problem(
                   "--set", $"{here.Key}={here.Value}", $"no {here.Key}, or {there[here.Key]}, with which the record was measured");
    }

    /// <summary>The knobs of a record, with those that it does not state as they are stated here.</summary>
    internal Knobs Fill(Knobs recorded) => recorded with
    {
        TensorParallelism = recorded.TensorParallelism ?? Knobs.TensorParallelism,
        PipelineParallelism = recorded.PipelineParallelism ?? Knobs.PipelineParallelism,
        GpuClockMegahertz = recorded.GpuClockMegahertz ?? Knobs.GpuClockMegahertz,
        PowerCapWatts = recorded.PowerCapWatts ?? Knobs.PowerCapWatts,
        MaxBatch = recorded.MaxBatch ?? Knobs.MaxBatch,
        StepTokens = recorded.StepTokens ?? Knobs.StepTokens,
        Precision = recorded.Precision ?? Knobs.Precision,
    };
}
