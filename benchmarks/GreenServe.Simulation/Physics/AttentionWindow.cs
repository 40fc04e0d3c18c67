using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Layers whose attention reaches back over a number of tokens only. A sequence counts as at least as long as the window in them, so that a
/// step stays linear in its context.
/// </summary>
/// <param name="WholeShare">Share of the layers, from 0 to 1, that attend to the whole context.</param>
/// <param name="WindowTokens">Length of the window, in tokens; 0 where every layer attends to the whole context.</param>
internal readonly record struct AttentionWindow(double WholeShare, int WindowTokens)
{
    /// <summary>The window of a model.</summary>
    internal static AttentionWindow Of(ModelDefinition model) => model.WindowTokens is { } tokens
        ? new AttentionWindow(1 - ((double)model.WindowLayers / model.Layers), tokens)
        : new AttentionWindow(1, 0);

    /// <summary>Cached tokens that the decoding sequences attend to in the mean layer, summed over them.</summary>
    internal double ContextTokens(in StepShape shape) =>
        (WholeShare * shape.ContextTokens) + ((1 - WholeShare) * WindowTokens * shape.DecodeSequences);

    /// <summary>Pairs of query and key of the prompt chunks in the mean layer.</summary>
    internal double Pairs(in StepShape shape) =>
        (WholeShare * shape.PrefillPairs)
        + ((1 - WholeShare) * Math.Min(shape.PrefillPairs, (double)WindowTokens * shape.PrefillTokens));
}
