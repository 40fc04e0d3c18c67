using GreenServe.Microbenchmarks.EndToEnd;

namespace GreenServe.Tests.Microbenchmarks.EndToEnd;

/// <summary>The exponent of a cost against the number of requests.</summary>
public sealed class GrowthFitTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Of_FindsTheExponent_WhenTheCostIsAPower(double exponent)
    {
        GrowthFit? fit = GrowthFit.Of([.. ((int[])[10_000, 100_000, 1_000_000]).Select(n => (n, 3 * Math.Pow(n, exponent)))]);

        // Three points lie on one line, so that the interval has no width.
        Assert.Equal(exponent, fit!.Exponent, tolerance: 1e-9);
        Assert.Equal(0, fit.HalfWidth!.Value, tolerance: 1e-6);
    }

    [Fact]
    public void Of_HasNoInterval_WithTwoPoints()
    {
        GrowthFit? fit = GrowthFit.Of([(1_000, 2.0), (100_000, 20.0)]);

        // 10 times the cost for 100 times the requests: log 10 / log 100.
        Assert.Equal(0.5, fit!.Exponent, tolerance: 1e-9);
        Assert.Null(fit.HalfWidth);
    }

    [Fact]
    public void Of_IsNull_WithOnePoint() => Assert.Null(GrowthFit.Of([(1_000, 2.0)]));
}
