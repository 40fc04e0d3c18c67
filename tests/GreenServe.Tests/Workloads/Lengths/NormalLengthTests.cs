using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Tests.Workloads.Lengths;

public sealed class NormalLengthTests
{
    [Fact]
    public void Draw_HasMeanAndDeviation_WhenTheBoundsAreFar()
    {
        NormalLength length = new() { MeanTokens = 1000, DeviationTokens = 100 };
        RandomSequence random = new("input", 7);

        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => (double)length.Draw(random))];

        // Standard errors: of the mean 100 / √20000 = 0.7, of the deviation 100 / √40000 = 0.5. Four of them are allowed.
        double mean = drawn.Average();
        Assert.Equal(1000, mean, tolerance: 2.9);
        Assert.Equal(100, Math.Sqrt(drawn.Average(value => (value - mean) * (value - mean))), tolerance: 2);
    }

    [Fact]
    public void Draw_StaysWithinTheBounds_WhenTheDeviationIsLarge()
    {
        NormalLength length = new() { MeanTokens = 10, DeviationTokens = 1000, MinTokens = 5, MaxTokens = 20 };
        RandomSequence random = new("input", 1);

        int[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => length.Draw(random))];

        // Almost half of the draws lie below the lower bound, and almost half above the upper one.
        Assert.Equal((5, 20), (drawn.Min(), drawn.Max()));
    }

    [Fact]
    public void Draw_IsTheMean_WhenTheDeviationIsZero() =>
        Assert.Equal(42, new NormalLength { MeanTokens = 42, DeviationTokens = 0 }.Draw(new RandomSequence("input", 1)));
}
