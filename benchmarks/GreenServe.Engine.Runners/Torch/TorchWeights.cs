using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Puts the weights of a decoder on a device, stacked in the way that the step function needs.</summary>
internal sealed class TorchWeights(DecoderShape shape, IWeightSource source, jit.CompilationUnit script, Device device, ScalarType type)
{
    // A fill needs several temporary tensors of this many integers, and the library's allocator never gives them back to the device.
    private const long FillElements = 1L << 23;
    private const int ReadElements = 1 << 24;

    /// <summary>The number of the rank whose part is loaded, from 0.</summary>
    internal int Rank { get; init; }

    /// <summary>
    /// The number of ranks that share the head and the matrices of each layer. Each rank holds the whole embedding and all norms.
    /// </summary>
    internal int Ranks { get; init; } = 1;

    /// <summary>Loads all weights, in the order in which the step function takes them.</summary>
    internal Tensor[] Load()
    {
        Dictionary<string, Tensor> tied = [];
        List<Tensor> weights = [Stack([shape.Embedding])];
        tied[shape.Embedding.Name] = weights[0];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            LayerTensors tensors = shape.Layer(layer);
            weights.Add(Vector(tensors.AttentionNorm));
            weights.Add(Rows(tensors.Attention));
            weights.Add(Columns(tensors.AttentionOutput));
            weights.Add(Vector(tensors.FeedForwardNorm));
            weights.Add(Rows(tensors.GateUp));
            weights.Add(Columns(tensors.Down));
        }

        weights.Add(Vector(shape.FinalNorm));
        weights.Add(tied.TryGetValue(shape.Head.Name, out Tensor? head) ? PartOf(head, 0) : Rows([shape.Head]));
        return [.. weights];
    }

    private Tensor Vector(DecoderTensor tensor) => Stack([tensor]).reshape(tensor.Columns);

    /// <summary>Stacks this rank's rows of each matrix.</summary>
    private Tensor Rows(IReadOnlyList<DecoderTensor> stacked)
    {
        if (Ranks == 1)
        {
            return Stack(stacked);
        }

        using DisposeScope scope = NewDisposeScope();
        return cat([.. stacked.Select(tensor => PartOf(Stack([tensor]), 0))], 0).MoveToOuterDisposeScope();
    }

    private Tensor Columns(DecoderTensor tensor)
    {
        if (Ranks == 1)
        {
            return Stack([tensor]);
        }

        using Tensor whole = Stack([tensor]);
        using Tensor part = PartOf(whole, 1);
        return part.contiguous();
    }

    /// <summary>Returns a view of this rank's part along a dimension.</summary>
    private Tensor PartOf(Tensor whole, int dimension)
    {
        long size = whole.shape[dimension];
        long first = Rank * size / Ranks;
        return Ranks == 1 ? whole : whole.narrow(dimension, first, ((Rank + 1) * size / Ranks) - first);
    }

    private Tensor Stack(IReadOnlyList<DecoderTensor> stacked)
    {
        long rows = stacked.Sum(tensor => (long)tensor.Rows);
        int columns = stacked[0].Columns;
        Tensor target = empty(rows, columns, dtype: type, device: device);
        using Tensor flat = target.view(-1);
        long first = 0;
        foreach (DecoderTensor tensor in stacked)
        {
            if (source is RandomWeights random)
            {
                Fill(flat, first, tensor, random.For(tensor));
            }
            else
            {
                Copy(flat, first, tensor);
            }

            first += tensor.Elements;
        }

        return target;
    }

    private void Fill(Tensor flat, long first, DecoderTensor tensor, RandomTensor generator)
    {
        for (long done = 0; done < tensor.Elements; done += FillElements)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor part = flat.narrow(0, first + done, Math.Min(FillElements, tensor.Elements - done));
            uint counter = unchecked(((uint)done * RandomTensor.CounterMultiplier) + generator.Key);
            script.invoke(
                "fill", part, Wrapped(counter), Wrapped(RandomTensor.CounterMultiplier), Wrapped(generator.Twist),
                Wrapped(RandomTensor.FirstMultiplier), Wrapped(RandomTensor.SecondMultiplier),
                (double)generator.Scale, (double)generator.Offset);
        }
    }

    private void Copy(Tensor flat, long first, DecoderTensor tensor)
    {
        float[] buffer = new float[Math.Min(ReadElements, tensor.Elements)];
        for (long done = 0; done < tensor.Elements; done += buffer.Length)
        {
            int count = (int)Math.Min(buffer.Length, tensor.Elements - done);
            source.Read(tensor, done, buffer.AsSpan(0, count));
            using Tensor values = torch.tensor(count == buffer.Length ? buffer : buffer[..count]);
            using Tensor part = flat.narrow(0, first + done, count);
            part.copy_(values);
        }
    }

    // The script counts in int32. An int32 has the same bits as the uint32 that is meant.
    private static int Wrapped(uint value) => unchecked((int)value);
}
