using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class LinearFitTests
{
    [Fact]
    public void Of_RecoversTheCoefficients_WhenThereIsNoNoise()
    {
        double[] x = [1, 2, 4, 8, 1, 2];
        double[] z = [1, 1, 2, 3, 5, 8];
        double[] y = [.. x.Zip(z).Select(pair => (3 * pair.First) + (0.5 * pair.Second))];

        LinearFit fit = LinearFit.Of([x, z], y)!;

        Assert.Equal(3, fit.Coefficients[0], 1e-9);
        Assert.Equal(0.5, fit.Coefficients[1], 1e-9);
        Assert.Equal(1, fit.RSquared!.Value, 1e-12);
        Assert.All(fit.HalfWidths!, width => Assert.Equal(0, width, 1e-6));
    }

    [Fact]
    public void Of_GivesBothRSquared_WhenTheFitIsAMean()
    {
        // y = c through 1 and 3: c = 2, errors 1 + 1 = 2; about the mean 2, about zero 10.
        LinearFit fit = LinearFit.Of([[1.0, 1]], [1, 3])!;

        Assert.Equal(2, fit.Coefficients[0], 1e-12);
        Assert.Equal(0, fit.RSquared!.Value, 1e-12);
        Assert.Equal(0.8, fit.UncentredRSquared!.Value, 1e-12);

        // One degree of freedom: t = 12.706, s = sqrt(2), s / sqrt(2) = 1.
        Assert.Equal(Math.Tan(0.475 * Math.PI), fit.HalfWidths![0], 1e-6);
    }

    [Fact]
    public void Of_HasNoRSquared_WhenAllValuesAreZero()
    {
        LinearFit fit = LinearFit.Of([[1.0, 1]], [0, 0])!;

        Assert.Null(fit.RSquared);
        Assert.Null(fit.UncentredRSquared);
    }

    [Fact]
    public void Of_HasNoIntervals_WhenPointsAreAsManyAsCoefficients()
    {
        LinearFit fit = LinearFit.Of([[1.0, 2], [1.0, 1]], [5, 7])!;

        Assert.Equal([2, 3], fit.Coefficients.Select(value => Math.Round(value, 9)));
        Assert.Null(fit.HalfWidths);
    }

    [Fact]
    public void Of_IsNothing_WhenRegressorsDependOnEachOther() => Assert.Null(LinearFit.Of([[1.0, 2, 3], [2.0, 4, 6]], [1, 2, 3]));

    [Fact]
    public void Of_IsNothing_WhenThereAreTooFewPoints() => Assert.Null(LinearFit.Of([[1.0], [2.0]], [1]));
}
