using System.Globalization;

namespace GreenServe.Simulation.Validation;

/// <summary>The load of a measured point.</summary>
/// <param name="Kind">How its requests arrive.</param>
/// <param name="Requests">Number of requests at once; <c>null</c> for a saturated load, which has as many as the engine holds.</param>
internal readonly record struct PointLoad(PointLoadKind Kind, int? Requests)
{
    /// <summary>
    /// The load of a point, from its text and from what is known of how its source measures; <c>null</c> if the text is not understood.
    /// </summary>
    internal static PointLoad? Of(MeasuredPoint point)
    {
        if (point.Load is null || Parse(point.Load) is not { } load)
        {
            return null;
        }

        bool countsWholeRun = point.Stack?.StartsWith("vLLM 2024", StringComparison.Ordinal) ?? false;
        return load.Kind == PointLoadKind.SteadyBatch && countsWholeRun ? load with { Kind = PointLoadKind.WholeRun } : load;
    }

    /// <summary>
    /// Reads <c>batch 8</c>, <c>avg batch 898</c>, <c>concurrency 16</c> or <c>saturated, offline</c>; <c>null</c> for any other text.
    /// </summary>
    internal static PointLoad? Parse(string text)
    {
        if (text.StartsWith("saturated", StringComparison.Ordinal))
        {
            return new PointLoad(PointLoadKind.Saturated, Requests: null);
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

/// <summary>How the requests of a published measurement arrive.</summary>
internal enum PointLoadKind
{
    /// <summary>A number of equal requests is sent together, once.</summary>
    Batch,

    /// <summary>A number of sequences of varying length is kept running. The measurement counts while the batch is full.</summary>
    SteadyBatch,

    /// <summary>
    /// Requests of varying length are all sent at once to an engine that runs a number of them. The measurement counts from the first to
    /// the last.
    /// </summary>
    WholeRun,

    /// <summary>A number of users send one equal request after another.</summary>
    ClosedLoop,

    /// <summary>As many equal requests run at once as the engine can hold, and more wait.</summary>
    Saturated,
}
