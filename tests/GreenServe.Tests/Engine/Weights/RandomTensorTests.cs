using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Tests.Engine.Weights;

public sealed class RandomTensorTests
{
    private static readonly DecoderShape Shape = TestModels.Grouped;

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(4_294_967_290u)]
    public void Fill_GivesWhatTheIndexerGives_FromAnyStart(uint first)
    {
        RandomTensor tensor = RandomTensor.For(Shape.Head, seed: 9, Shape.Layers);
        float[] filled = new float[101];

        tensor.Fill(first, filled);

        Assert.Equal(Enumerable.Range(0, 101).Select(index => tensor[unchecked(first + (uint)index)]), filled);
    }

    [Fact]
    public void Fill_HasTheDeviationOfOneOverTheRootOfInputs()
    {
        DecoderTensor matrix = Shape.Layer(0).Query;
        RandomTensor tensor = RandomTensor.For(matrix, seed: 1, Shape.Layers);
        float[] values = new float[1 << 18];

        tensor.Fill(0, values);

        // Uniform in [-a, a) with a = sqrt(3 / 64): mean 0 and variance 1 / 64. Standard errors over 2^18 values are a/sqrt(3)/512 for
        // the mean and about 0.9/512 of the variance; five of them are allowed.
        double limit = Math.Sqrt(3.0 / 64);
        double mean = values.Average(value => (double)value);
        double variance = values.Average(value => (double)value * value);
        Assert.InRange(mean, -5 / 8.0 / 512, 5 / 8.0 / 512);
        Assert.InRange(variance * 64, 1 - (5 * 0.9 / 512), 1 + (5 * 0.9 / 512));
        Assert.All(values, value => Assert.InRange(Math.Abs(value), 0, limit * (1 + (1.0 / 256))));
    }

    [Fact]
    public void Fill_StaysOnTheGridOfBfloat16()
    {
        float[] values = new float[1000];

        RandomTensor.For(Shape.Embedding, seed: 1, Shape.Layers).Fill(0, values);

        Assert.All(values, value => Assert.Equal(0u, BitConverter.SingleToUInt32Bits(value) & 0xFFFF));
    }

    [Fact]
    public void For_GivesOtherValues_ForAnotherSeedOrTensor()
    {
        float[] Values(DecoderTensor tensor, ulong seed)
        {
            float[] values = new float[64];
            RandomTensor.For(tensor, seed, Shape.Layers).Fill(0, values);
            return values;
        }

        float[] query = Values(Shape.Layer(0).Query, 1);

        Assert.NotEqual(query, Values(Shape.Layer(0).Query, 2));
        Assert.NotEqual(query, Values(Shape.Layer(1).Query, 1));
        Assert.Equal(query, Values(Shape.Layer(0).Query, 1));
    }
}
