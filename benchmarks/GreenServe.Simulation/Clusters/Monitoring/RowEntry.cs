using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Grids;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A row of servers that share a power budget.</summary>
public sealed record RowEntry : IChecked
{
    /// <summary>Power that accelerators and hosts of the row may draw together, in watts, in (0, 1e9].</summary>
    [Range(0, 1e9, MinimumIsExclusive = true)]
    public required double BudgetWatts { get; init; }

    /// <summary>Name of the aisle from which the row takes its air; <c>null</c> for air without limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Aisle { get; init; }

    /// <summary>
    /// Power of servers of others in the row, which nobody steers: each value holds until the next one. It counts against the budget and
    /// the air, and is no part of the cluster's energy.
    /// </summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OpaquePower>? Opaque { get; init; }

    /// <summary>Largest power of servers of others, in watts; 0 for none.</summary>
    internal double MaxOpaqueWatts => Opaque?.Max(step => step.Watts) ?? 0;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        for (int index = 0; index < (Opaque?.Count ?? 0); index++)
        {
            double at = Opaque![index].AtSeconds;
            double? before = index == 0 ? null : Opaque[index - 1].AtSeconds;
            foreach (Problem problem in WholeSeconds.Check($"$.opaque[{index}].at_seconds", at))
            {
                yield return problem;
            }

            if (before is null ? at != 0 : at <= before)
            {
                yield return new Problem($"$.opaque[{index}].at_seconds", at, before is null ? "0" : $"more than {before}");
            }
        }
    }

    /// <summary>Power of servers of others at a time, in watts.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal double OpaqueWatts(double seconds)
    {
        double watts = 0;
        for (int index = 0; index < (Opaque?.Count ?? 0) && Opaque![index].AtSeconds <= seconds; index++)
        {
            watts = Opaque[index].Watts;
        }

        return watts;
    }
}

/// <summary>Power of servers of others from a time on.</summary>
public sealed record OpaquePower
{
    /// <summary>The time, in whole seconds from the start of the run, from 0 to 31622400. The first is 0.</summary>
    [Range(0, 31_622_400)]
    public required double AtSeconds { get; init; }

    /// <summary>Power of all these servers together, in watts, from 0 to 1e9.</summary>
    [Range(0, 1e9)]
    public required double Watts { get; init; }
}
