using System.Globalization;

namespace GreenServe.Simulation.Validation;

/// <summary>How the requests of a measured point arrived.</summary>
/// <param name="Kind">The arrangement.</param>
/// <param name="Requests">Requests at once; 0 for a saturated load.</param>
internal readonly record struct PointLoad(PointLoadKind Kind, int Requests)
{
    /// <summary>The arrangement of a point: what its load says, and what is known of how its source measures.</summary>
    internal static PointLoad? Of(MeasuredPoint point) => Parse(point.Load) is not { } load ? null
        : load.Kind == PointLoadKind.SteadyBatch && point.Stack.StartsWith("vLLM 2024", StringComparison.Ordinal)
            ? load with { Kind = PointLoadKind.WholeRun }
            : load;

    /// <summary>Reads <c>batch 8</c>, <c>avg batch 898</c>, <c>concurrency 16</c>, <c>saturated, offline</c>.</summary>
    internal static PointLoad? Parse(string text)
    {
        if (text.StartsWith("saturated", StringComparison.Ordinal))
        {
            return new PointLoad(PointLoadKind.Saturated, 0);
        }

        string number = text[(text.LastIndexOf(' ') + 1)..];
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int requests) || requests < 1)
        {
            return null;
        }

        return text[..^number.Length].TrimEnd() switch
        {
            "batch" => new PointLoad(PointLoadKind.Batch, requests),
            "avg batch" => new PointLoad(PointLoadKind.SteadyBatch, requests),
            "concurrency" => new PointLoad(PointLoadKind.ClosedLoop, requests),
            _ => null,
        };
    }
}
