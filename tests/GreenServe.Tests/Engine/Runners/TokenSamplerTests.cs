using GreenServe.Engine.Runners;

namespace GreenServe.Tests.Engine.Runners;

public sealed class TokenSamplerTests
{
    [Fact]
    public void Choose_TakesTheFirstOfTheLikeliest_WhenGreedy()
    {
        TokenSampler sampler = new(5);

        Assert.Equal(1, sampler.Choose([0.5f, 2f, 2f, -1f, 1f], TokenChoice.Greedy));
        Assert.Equal(2, sampler.Choose([0.5f, 2f, 2f, -1f, 1f], TokenChoice.Greedy with { Forbidden = new[] { 1 } }));
    }

    [Fact]
    public void Choose_FollowsTheProbabilities()
    {
        // Probabilities 0.5, 0.3, 0.2 at temperature 1, in the order of tokens 2, 0, 1.
        float[] scores = [MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.5f)];
        TokenSampler sampler = new(3);
        int[] counts = new int[3];

        for (int draw = 0; draw < 1000; draw++)
        {
            counts[sampler.Choose((float[])scores.Clone(), new TokenChoice(1, 1, (draw + 0.5) / 1000, default))]++;
        }

        Assert.Equal([300, 200, 500], counts);
    }

    [Fact]
    public void Choose_LeavesOutTheTail_ByTopP()
    {
        // The prefix of 0.5 and 0.3 is the shortest that reaches 0.7; within it 0.5 / 0.8 of the numbers take token 2.
        float[] scores = [MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.5f)];
        TokenSampler sampler = new(3);
        int[] counts = new int[3];

        for (int draw = 0; draw < 1000; draw++)
        {
            counts[sampler.Choose((float[])scores.Clone(), new TokenChoice(1, 0.7, (draw + 0.5) / 1000, default))]++;
        }

        Assert.Equal([375, 0, 625], counts);
    }

    [Fact]
    public void Choose_SharpensWithALowerTemperature()
    {
        // At temperature 0.5 the probabilities 0.6 and 0.4 become 0.36 and 0.16, so 9 / 13 of the numbers take the first.
        float[] scores = [MathF.Log(0.6f), MathF.Log(0.4f)];
        TokenSampler sampler = new(2);

        int first = Enumerable.Range(0, 1300).Count(draw =>
            sampler.Choose((float[])scores.Clone(), new TokenChoice(0.5, 1, (draw + 0.5) / 1300, default)) == 0);

        Assert.Equal(900, first);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9999999999999999)]
    public void Choose_StaysInside_AtTheEndsOfTheNumbers(double uniform)
    {
        TokenSampler sampler = new(4);

        int token = sampler.Choose([1f, 1f, 1f, 1f], new TokenChoice(1, 1, uniform, default));

        Assert.Equal(uniform == 0 ? 0 : 3, token);
    }
}
