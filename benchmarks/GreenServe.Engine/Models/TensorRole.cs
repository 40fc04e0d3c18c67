namespace GreenServe.Engine.Models;

/// <summary>What a weight tensor does in the decoder.</summary>
public enum TensorRole
{
    /// <summary>Token embedding.</summary>
    Embedding,

    /// <summary>Gain of an RMS normalisation.</summary>
    Norm,

    /// <summary>Matrix that reads the residual stream (query, key, value, gate, up, head).</summary>
    Input,

    /// <summary>Matrix that writes to the residual stream (attention output, down).</summary>
    Residual,
}
