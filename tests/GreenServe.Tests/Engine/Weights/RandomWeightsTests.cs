using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Tests.Engine.Weights;

public sealed class RandomWeightsTests
{
    private static readonly DecoderShape Shape = TestModels.Grouped;

    [Fact]
    public void Read_GivesTheSameElements_InOnePieceOrSeveral()
    {
        RandomWeights weights = new(Shape, 4);
        DecoderTensor tensor = Shape.Layer(0).Down;
        float[] whole = new float[tensor.Elements];
        float[] part = new float[100];

        weights.Read(tensor, 0, whole);
        weights.Read(tensor, 1234, part);

        Assert.Equal(whole[1234..1334], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.Read(tensor, tensor.Elements - 99, part));
    }
}
