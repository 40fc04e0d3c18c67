using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A row of servers that share a power budget.</summary>
public sealed record RowEntry
{
    /// <summary>Power that accelerators and hosts of the row may draw together, in watts, in (0, 1e9].</summary>
    [Range(0, 1e9, MinimumIsExclusive = true)]
    public required double BudgetWatts { get; init; }

    /// <summary>Name of the aisle from which the row takes its air; <c>null</c> for air without limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Aisle { get; init; }
}
