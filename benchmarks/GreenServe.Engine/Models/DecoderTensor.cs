namespace GreenServe.Engine.Models;

/// <summary>One weight tensor of a decoder: its Hugging Face name and its shape, row-major.</summary>
/// <param name="Name">For example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Role">What it does.</param>
/// <param name="Rows">Output features; 1 for a vector.</param>
/// <param name="Columns">Input features.</param>
public sealed record DecoderTensor(string Name, TensorRole Role, int Rows, int Columns)
{
    /// <summary>Number of elements.</summary>
    public long Elements => (long)Rows * Columns;

    /// <summary>The shape as files state it: a norm is a vector.</summary>
    public IReadOnlyList<long> Shape => Role == TensorRole.Norm ? [Columns] : [Rows, Columns];
}
