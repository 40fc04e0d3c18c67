using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Tests.Engine;

/// <summary>A plain decoder in double precision, without a cache. Tests compare every runner with it.</summary>
internal sealed class ReferenceDecoder(DecoderShape shape, IWeightSource weights)
{
    private readonly Dictionary<string, double[]> tensors = [];

    /// <summary>Computes the scores for the token after the last one.</summary>
    internal double[] Scores(ReadOnlySpan<int> tokens)
    {
        double[][] hidden = new double[tokens.Length][];
        double[] embedding = Tensor(shape.Embedding);
        for (int position = 0; position < tokens.Length; position++)
        {
            hidden[position] = embedding.AsSpan(tokens[position] * shape.HiddenSize, shape.HiddenSize).ToArray();
        }

        for (int layer = 0; layer < shape.Layers; layer++)
        {
            Attend(hidden, shape.Layer(layer));
            FeedForward(hidden, shape.Layer(layer));
        }

        return Product(shape.Head, Normalized(hidden[^1], shape.FinalNorm));
    }

    private void Attend(double[][] hidden, LayerTensors layer)
    {
        int count = hidden.Length;
        double[][] queries = new double[count][];
        double[][] keys = new double[count][];
        double[][] values = new double[count][];
        for (int position = 0; position < count; position++)
        {
            double[] input = Normalized(hidden[position], layer.AttentionNorm);
            queries[position] = Rotated(Product(layer.Query, input), position);
            keys[position] = Rotated(Product(layer.Key, input), position);
            values[position] = Product(layer.Value, input);
        }

        int size = shape.HeadSize;
        for (int position = 0; position < count; position++)
        {
            double[] attended = new double[shape.Heads * size];
            for (int head = 0; head < shape.Heads; head++)
            {
                int shared = head / (shape.Heads / shape.KeyValueHeads) * size;
                double[] probabilities = new double[position + 1];
                for (int other = 0; other <= position; other++)
                {
                    double dot = 0;
                    for (int index = 0; index < size; index++)
                    {
                        dot += queries[position][(head * size) + index] * keys[other][shared + index];
                    }

                    probabilities[other] = Math.Exp(dot / Math.Sqrt(size));
                }

                double total = probabilities.Sum();
                for (int other = 0; other <= position; other++)
                {
                    for (int index = 0; index < size; index++)
                    {
                        attended[(head * size) + index] += probabilities[other] / total * values[other][shared + index];
                    }
                }
            }

            AddTo(hidden[position], Product(layer.AttentionOutput, attended));
        }
    }

    private void FeedForward(double[][] hidden, LayerTensors layer)
    {
        foreach (double[] state in hidden)
        {
            double[] input = Normalized(state, layer.FeedForwardNorm);
            double[] gate = Product(layer.Gate, input);
            double[] up = Product(layer.Up, input);
            double[] gated = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
            AddTo(state, Product(layer.Down, gated));
        }
    }

    private double[] Rotated(double[] heads, int position)
    {
        int size = shape.HeadSize;
        double[] rotated = new double[heads.Length];
        for (int first = 0; first < heads.Length; first += size)
        {
            for (int index = 0; index < size / 2; index++)
            {
                (double sine, double cosine) = Math.SinCos(position * shape.RotaryFrequency(index));
                double left = heads[first + index];
                double right = heads[first + index + (size / 2)];
                rotated[first + index] = (left * cosine) - (right * sine);
                rotated[first + index + (size / 2)] = (right * cosine) + (left * sine);
            }
        }

        return rotated;
    }

    private double[] Normalized(double[] state, DecoderTensor gain)
    {
        double[] gains = Tensor(gain);
        double scale = 1 / Math.Sqrt(state.Average(value => value * value) + shape.NormEpsilon);
        return [.. state.Zip(gains, (value, factor) => value * scale * factor)];
    }

    private double[] Product(DecoderTensor matrix, double[] input)
    {
        double[] elements = Tensor(matrix);
        double[] output = new double[matrix.Rows];
        for (int row = 0; row < matrix.Rows; row++)
        {
            double sum = 0;
            for (int column = 0; column < matrix.Columns; column++)
            {
                sum += elements[(row * matrix.Columns) + column] * input[column];
            }

            output[row] = sum;
        }

        return output;
    }

    private double[] Tensor(DecoderTensor tensor)
    {
        if (!tensors.TryGetValue(tensor.Name, out double[]? values))
        {
            float[] read = new float[tensor.Elements];
            weights.Read(tensor, 0, read);
            tensors[tensor.Name] = values = [.. read.Select(value => (double)value)];
        }

        return values;
    }

    private static void AddTo(double[] target, double[] addend)
    {
        for (int index = 0; index < target.Length; index++)
        {
            target[index] += addend[index];
        }
    }
}
