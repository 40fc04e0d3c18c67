namespace GreenServe.Engine.Models;

/// <summary>The weight tensors of one transformer layer.</summary>
/// <param name="AttentionNorm">The gain of the normalisation before attention.</param>
/// <param name="Query">The matrix that makes the queries.</param>
/// <param name="Key">The matrix that makes the keys.</param>
/// <param name="Value">The matrix that makes the values.</param>
/// <param name="AttentionOutput">The matrix that writes the result of attention to the residual stream.</param>
/// <param name="FeedForwardNorm">The gain of the normalisation before the feed-forward layer.</param>
/// <param name="Gate">The matrix whose output goes through SiLU and gates that of <paramref name="Up"/>.</param>
/// <param name="Up">The matrix that widens the residual stream.</param>
/// <param name="Down">The matrix that writes the result of the feed-forward layer to the residual stream.</param>
public sealed record LayerTensors(
    DecoderTensor AttentionNorm,
    DecoderTensor Query,
    DecoderTensor Key,
    DecoderTensor Value,
    DecoderTensor AttentionOutput,
    DecoderTensor FeedForwardNorm,
    DecoderTensor Gate,
    DecoderTensor Up,
    DecoderTensor Down)
{
    /// <summary>Query, key and value. Runners stack their rows into one matrix in this order.</summary>
    public IReadOnlyList<DecoderTensor> Attention => [Query, Key, Value];

    /// <summary>Gate and up. Runners stack their rows into one matrix in this order.</summary>
    public IReadOnlyList<DecoderTensor> GateUp => [Gate, Up];

    /// <summary>All tensors of the layer, in the order in which the layer uses them.</summary>
    public IReadOnlyList<DecoderTensor> All =>
        [AttentionNorm, Query, Key, Value, AttentionOutput, FeedForwardNorm, Gate, Up, Down];
}
