using System.ComponentModel;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Records.Slos;

/// <summary>A named set of latency limits that must all hold.</summary>
public sealed record SloProfile : IChecked
{
    /// <summary>Name of the profile, for example <c>dynamollm</c>.</summary>
    [Description("Name of the profile.")]
    public required string Name { get; init; }

    /// <summary>Where the limits come from, and whether that was read or is second-hand.</summary>
    [Description("Where the limits come from, and whether the source was read or is second-hand.")]
    public required string Source { get; init; }

    /// <summary>The limits; at least one.</summary>
    [Description("The limits, which must all hold.")]
    public required IReadOnlyList<SloLimit> Limits { get; init; }

    /// <summary>
    /// The system whose isolated requests slowdown limits are multiples of, all its accelerators sharing each layer; <c>null</c> for
    /// the system under test.
    /// </summary>
    [Description("The system whose isolated requests slowdown limits are multiples of, all its accelerators sharing each layer; absent means the system under test.")]
    public ServingSystem? Reference { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Limits.Count == 0)
        {
            yield return new Problem("$.limits", "an empty list", "at least one limit");
        }
    }
}
