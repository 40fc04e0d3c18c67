using System.Text.Json.Nodes;

namespace GreenServe.Workloads.Experiments;

/// <summary>One step along an axis.</summary>
/// <param name="Coordinates">What names the step: the value, or the name of the case; one for each name of the axis.</param>
/// <param name="Changes">What it changes in the point.</param>
internal sealed record AxisStep(IReadOnlyDictionary<string, JsonNode?> Coordinates, IReadOnlyList<AxisChange> Changes);

/// <summary>One value that a step sets.</summary>
/// <param name="Path">Dotted path into the point.</param>
/// <param name="Value">The value.</param>
/// <param name="Place">Where the value stands in the experiment file.</param>
internal sealed record AxisChange(string Path, JsonNode? Value, string Place);
