using System.ComponentModel;
using GreenServe.Records.Documents;

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

    /// <summary>System of the isolated request; <c>null</c> is the system under test at its highest clock and without a cap.</summary>
    [Description("System of the isolated request that multiples refer to; absent means the system under test at its highest clock.")]
    public IsolatedReference? IsolatedOn { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Limits.Count == 0)
        {
            yield return new Problem("$.limits", "an empty list", "at least one limit");
        }
    }
}
