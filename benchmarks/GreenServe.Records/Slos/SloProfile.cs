using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Records.Slos;

/// <summary>A named set of latency limits that must all hold.</summary>
public sealed record SloProfile : IChecked
{
    /// <summary>Name of the profile, for example <c>dynamollm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the limits come from, and whether the source was read or is second-hand.</summary>
    public required string Source { get; init; }

    /// <summary>The limits, at least one, which must all hold.</summary>
    public required IReadOnlyList<SloLimit> Limits { get; init; }

    /// <summary>
    /// The system on which the isolated requests of slowdown limits are served, with all its accelerators sharing each layer;
    /// <c>null</c> means the system under test.
    /// </summary>
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
