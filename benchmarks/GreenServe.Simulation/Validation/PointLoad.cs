using System.Globalization;

namespace GreenServe.Simulation.Validation;

/// <summary>The load of a measured point.</summary>
/// <param name="Kind">How its requests arrive.</param>
/// <param name="Requests">Number of requests at once; <c>null</c> for a saturated load, which has as many as the engine holds.</param>
internal readonly record struct PointLoad(PointLoadKind Kind, int? Requests)
{
    /// <summary>Largest number of requests at once that is simulated: the largest batch of an engine profile.</summary>
    private const int MaxRequests = 65536;

    /// <summary>
    /// Reads <c>batch 8</c>, <c>avg batch 898</c>, <c>concurrency 16</c> or <c>saturated, offline</c>; <c>null</c> for any other text.
    /// </summary>
    internal static PointLoad? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (text.StartsWith("saturated", StringComparison.Ordinal))
        {
            return new PointLoad(PointLoadKind.Saturated, Requests: null);
        }

        string number = text[(text.LastIndexOf(' ') + 1)..];
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int requests)
            || requests is < 1 or > MaxRequests)
        {
            return null;
        }

        return text[..^number.Length].TrimEnd() switch
        {
            "batch" => new PointLoad(PointLoadKind.Batch, requests),
            "avg batch" => new PointLoad(PointLoadKind.MeanBatch, requests),
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

    /// <summary>A mean number of sequences runs, which the engine limits.</summary>
    MeanBatch,

    /// <summary>A number of users send one request after another.</summary>
    ClosedLoop,

    /// <summary>As many equal requests run at once as the engine can hold, and more wait.</summary>
    Saturated,
}
