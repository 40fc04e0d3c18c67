namespace GreenServe.Engine.Models;

/// <summary>One weight tensor of a decoder. Its elements are in row-major order.</summary>
/// <param name="Name">The name in Hugging Face's files, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Role">What the tensor does in the decoder.</param>
/// <param name="Rows">The number of output features; 1 for a vector.</param>
/// <param name="Columns">The number of input features.</param>
public sealed record DecoderTensor(string Name, TensorRole Role, int Rows, int Columns)
{
    /// <summary>The number of elements.</summary>
    public long Elements => (long)Rows * Columns;

    /// <summary>The shape as files state it: (columns) for the gain of a normalisation, else (rows, columns).</summary>
    public IReadOnlyList<long> Shape => Role == TensorRole.Norm ? [Columns] : [Rows, Columns];
}

/// <summary>The role of a weight tensor in the decoder.</summary>
public enum TensorRole
{
    /// <summary>The tensor is the token embedding.</summary>
    Embedding,

    /// <summary>The gain of an RMS normalisation.</summary>
    Norm,

    /// <summary>A matrix that reads the residual stream: query, key, value, gate, up or output head.</summary>
    Input,

    /// <summary>A matrix that writes to the residual stream: attention output or down.</summary>
    Residual,
}
