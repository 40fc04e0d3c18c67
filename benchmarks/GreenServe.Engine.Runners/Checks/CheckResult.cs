using System.Text.Json.Serialization;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>One thing that was checked or measured.</summary>
/// <param name="Name">What, for example <c>decode step, batch 16</c>.</param>
/// <param name="Value">What was found.</param>
/// <param name="Unit">Its unit; empty for a ratio.</param>
/// <param name="Min">Smallest value that passes; <c>null</c> for none.</param>
/// <param name="Max">Largest value that passes; <c>null</c> for none.</param>
/// <param name="Detail">How it was found.</param>
internal sealed record CheckResult(
    string Name,
    double Value,
    string Unit,
    [property: JsonPropertyName("least")] double? Min,
    [property: JsonPropertyName("most")] double? Max,
    string Detail)
{
    /// <summary>Whether it lies within its bounds; <c>null</c> for a measurement without any.</summary>
    public bool? Passed => Min is null && Max is null ? null : Value >= (Min ?? double.MinValue) && Value <= (Max ?? double.MaxValue);
}
