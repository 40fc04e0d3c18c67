using GreenServe.Engine.Models;
using GreenServe.Records;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Engine.Models;

public sealed class DecoderShapeTests
{
    [Theory]
    [InlineData("llama-2-7b")]
    [InlineData("llama-2-13b")]
    [InlineData("codellama-34b")]
    [InlineData("llama-15m")]
    [InlineData("llama-110m")]
    public void ParameterCount_EqualsThatOfTheCatalog(string model)
    {
        // The decoder counts tensor by tensor, norms included. The catalog computes its count from the sizes of the model.
        ModelDefinition definition = ModelCatalog.Read(model);

        double ratio = DecoderShape.From(definition).ParameterCount / (double)definition.ParameterCount();

        Assert.InRange(ratio, 0.999, 1.001);
    }

    [Fact]
    public void ParameterCount_IsThePublishedOne_OfLlama2()
    {
        // Llama-2-7B: 6,738,415,616 parameters.
        Assert.Equal(6_738_415_616, DecoderShape.From(ModelCatalog.Read("llama-2-7b")).ParameterCount);
    }

    [Fact]
    public void CacheElementsPerToken_CountsKeysAndValuesOfEveryLayer()
    {
        // 2 x 32 layers x 32 heads x 128.
        Assert.Equal(262_144, DecoderShape.From(ModelCatalog.Read("llama-2-7b")).CacheElementsPerToken);
    }

    [Fact]
    public void From_NamesEveryReason_WhenTheModelIsNotDenseLlama()
    {
        ModelDefinition model = ModelCatalog.Read("llama-15m") with { Experts = 8, ExpertsPerToken = 2, FeedForwardMatrices = 2 };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DecoderShape.From(model));

        string[] places = ["$.experts", "$.feed_forward_matrices"];
        Assert.Equal(places, exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void From_RefusesAHeadThatKernelsCannotRotate()
    {
        ModelDefinition model = ModelCatalog.Read("llama-15m") with { HeadSize = 40 };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => DecoderShape.From(model));

        Assert.Contains("multiple of 16", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RotaryTables_TurnByThePowerOfTheBase()
    {
        DecoderShape shape = TestModels.Grouped;

        (float[] cosine, float[] sine) = shape.RotaryTables(10);

        // Pair 3 of 8 at position 9 turns by 9 x 10000^(-6/16).
        double angle = 9 * Math.Pow(10_000, -6.0 / 16);
        Assert.Equal(Math.Cos(angle), cosine[(9 * 8) + 3], tolerance: 1e-6);
        Assert.Equal(Math.Sin(angle), sine[(9 * 8) + 3], tolerance: 1e-6);
    }
}
