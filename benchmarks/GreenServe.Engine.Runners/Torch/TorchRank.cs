using GreenServe.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>
/// One device's part of a decoder that several devices share (Megatron's split). It has its attention heads with their cache, its columns
/// of the feed-forward layers and its rows of the output head. A single rank is the whole decoder.
/// </summary>
internal sealed class TorchRank : IDisposable
{
    private const int WeightsPerLayer = 6;
    private readonly DecoderShape shape;
    private readonly jit.CompilationUnit script;
    private readonly Tensor[] weights;
    private readonly Tensor[] caches;
    private readonly Tensor cosine;
    private readonly Tensor sine;
    private readonly int heads;
    private readonly int keyValueHeads;
    private readonly int context;
    private readonly bool isRagged;

    /// <summary>Loads the weights of the rank and reserves its cache.</summary>
    /// <param name="options">The model and the size of the cache.</param>
    /// <param name="settings">Device, precision and the number of ranks, which divides the heads and the feed-forward layer.</param>
    /// <param name="script">The compiled decoder.</param>
    /// <param name="number">The number of the rank, from 0.</param>
    internal TorchRank(RunnerOptions options, TorchSettings settings, jit.CompilationUnit script, int number)
    {
        shape = options.Shape;
        context = options.ContextTokens;
        this.script = script;
        Device = settings.UseCuda ? new Device(DeviceType.CUDA, number) : new Device(DeviceType.CPU);
        ScalarType type = settings.HalfPrecision ? ScalarType.BFloat16 : ScalarType.Float32;
        heads = shape.Heads / settings.TensorParallelism;
        keyValueHeads = shape.KeyValueHeads / settings.TensorParallelism;
        isRagged = settings.IsRagged;
        weights = new TorchWeights(shape, options.Weights, script, Device, type)
        {
            Rank = number,
            Ranks = settings.TensorParallelism,
        }.Load();
        (cosine, sine) = RotaryTensors(type);

        // The cache begins with zeros. Padded attention multiplies unused entries by zero, and a NaN left in memory would survive that.
        caches = [.. Enumerable.Range(0, shape.Layers).Select(_ => zeros(
            (long)options.Slots * context, 2 * keyValueHeads, shape.HeadSize, dtype: type, device: Device))];
    }

    /// <summary>The device on which the rank computes.</summary>
    internal Device Device { get; }

    /// <summary>The number of layers of the decoder.</summary>
    internal int Layers => caches.Length;

    /// <summary>Runs a whole step. This rank must be the only one.</summary>
    /// <param name="packed">The vector that <see cref="StepInputs.Pack"/> made.</param>
    /// <param name="inputs">The sizes of the step.</param>
    /// <returns>The scores (float32) of the scored tokens. If there are none, it is the output of the last layer.</returns>
    internal Tensor Step(int[] packed, StepInputs inputs)
    {
        using Tensor onDevice = torch.tensor(packed, device: Device);
        return (Tensor)script.invoke(
            "step", onDevice, inputs.Tokens, inputs.Sequences, inputs.Scored, inputs.LongestQuery, inputs.LongestCache, isRagged,
            weights, caches, cosine, sine, heads, keyValueHeads, shape.HeadSize, context, shape.NormEpsilon);
    }

    /// <summary>Creates the tensors of a step that every layer needs. The residual stream comes first.</summary>
    internal Tensor[] Begin(int[] packed, StepInputs inputs)
    {
        using Tensor onDevice = torch.tensor(packed, device: Device);
        return (Tensor[])script.invoke("begin", onDevice, inputs.Tokens, inputs.Sequences, inputs.Scored, weights[0], cosine, sine);
    }

    /// <summary>Computes this rank's part of a layer's attention. The sum of the parts of all ranks is the result.</summary>
    internal Tensor Attention(Tensor[] state, StepInputs inputs, int layer)
    {
        int first = FirstOf(layer);
        return (Tensor)script.invoke(
            "attention", state, weights[first], weights[first + 1], weights[first + 2], caches[layer],
            inputs.LongestQuery, inputs.LongestCache, isRagged, heads, keyValueHeads, shape.HeadSize, context, shape.NormEpsilon);
    }

    /// <summary>Computes this rank's part of a layer's feed-forward network. The sum of the parts of all ranks is the result.</summary>
    internal Tensor FeedForward(Tensor[] state, int layer)
    {
        int first = FirstOf(layer);
        return (Tensor)script.invoke(
            "feed_forward", state[0], weights[first + 3], weights[first + 4], weights[first + 5], shape.NormEpsilon);
    }

    /// <summary>
    /// Adds the parts of all ranks to the residual stream. Every rank adds them in the same order, so that all ranks get the same bits.
    /// </summary>
    internal void Join(Tensor[] state, Tensor[] parts)
    {
        Tensor joined = (Tensor)script.invoke("join", state[0], parts);
        state[0].Dispose();
        state[0] = joined;
    }

    /// <summary>Computes the scores (float32) of the scored tokens for this rank's part of the vocabulary.</summary>
    internal Tensor Scores(Tensor[] state)
    {
        int first = FirstOf(Layers);
        return (Tensor)script.invoke("score", state, weights[first], weights[first + 1], shape.NormEpsilon);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // A tied head is the embedding itself. Disposing it twice does no harm.
        foreach (Tensor tensor in weights.Concat(caches).Append(cosine).Append(sine))
        {
            tensor.Dispose();
        }
    }

    private static int FirstOf(int layer) => 1 + (WeightsPerLayer * layer);

    private (Tensor Cosine, Tensor Sine) RotaryTensors(ScalarType type)
    {
        (float[] cosines, float[] sines) = shape.RotaryTables(context);
        int half = shape.HeadSize / 2;
        using Tensor exactCosine = torch.tensor(cosines, [context, 1, half], device: Device);
        using Tensor exactSine = torch.tensor(sines, [context, 1, half], device: Device);
        using Tensor negative = -exactSine;
        using Tensor signed = cat([negative, exactSine], 1);
        return (exactCosine.to_type(type, copy: true), signed.to_type(type, copy: true));
    }
}
