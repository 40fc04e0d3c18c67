namespace GreenServe.Engine.Models;

/// <summary>The weight tensors of one transformer layer.</summary>
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
    /// <summary>Query, key and value, in the order in which runners stack their rows into one matrix.</summary>
    public IReadOnlyList<DecoderTensor> Attention => [Query, Key, Value];

    /// <summary>Gate and up, in the order in which runners stack their rows into one matrix.</summary>
    public IReadOnlyList<DecoderTensor> GateUp => [Gate, Up];

    /// <summary>All tensors of the layer.</summary>
    public IReadOnlyList<DecoderTensor> All =>
        [AttentionNorm, Query, Key, Value, AttentionOutput, FeedForwardNorm, Gate, Up, Down];
}
