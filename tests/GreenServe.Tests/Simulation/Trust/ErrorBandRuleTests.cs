using CsCheck;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Trust;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class ErrorBandRuleTests
{
    [Fact]
    public void At_FollowsItsClosedForm_WithTwoCampaignsAtTheSetting()
    {
        ErrorBand band = ErrorBandRule.At(
            [Settings.Error("a", 0.1), Settings.Error("a", -0.1), Settings.Error("b", 0.2)], Settings.One)!;

        // Weights: a 2 / 12, b 1 / 11. Mean squares above zero: a 0.01 / 2, b 0.04. Below: a 0.01 / 2, b 0.
        // Student's t at 80 % with one degree of freedom is tan(0.4 pi) = 3.0777.
        (double a, double b) = (2.0 / 12, 1.0 / 11);
        double high = ((a * 0.005) + (b * 0.04)) / (a + b);
        double low = a * 0.005 / (a + b);
        double t = Math.Tan(0.4 * Math.PI);
        Assert.Equal(Math.Exp(-t * Math.Sqrt((1.5 * low) + (0.5 * high))), band.LowFactor, 1e-6);
        Assert.Equal(Math.Exp(t * Math.Sqrt((1.5 * high) + (0.5 * low))), band.HighFactor, 1e-6);
    }

    [Fact]
    public void At_WeighsACampaignByItsNearestPoint()
    {
        // Another engine is 2 away: its campaign has a quarter of the weight. (0.1^2 + 0.25 * 0.3^2) / 1.25 = 0.026 above zero.
        ErrorBand band = ErrorBandRule.At(
            [Settings.Error("near", 0.1), Settings.Error("far", 0.3, Settings.One with { Engine = "trtllm-1.0" })], Settings.One)!;

        Assert.Equal(Math.Exp(Math.Tan(0.4 * Math.PI) * Math.Sqrt(1.5 * 0.026)), band.HighFactor, 1e-6);
    }

    [Fact]
    public void At_DoublesErrors_OfPointsThatConstantsWereFittedTo()
    {
        ErrorBand fitted = ErrorBandRule.At([Settings.Error("a", 0.1, isFitted: true), Settings.Error("b", 0.1)], Settings.One)!;
        ErrorBand doubled = ErrorBandRule.At([Settings.Error("a", 0.2), Settings.Error("b", 0.1)], Settings.One)!;

        Assert.Equal(doubled, fitted);
    }

    [Fact]
    public void At_BoundsTheWeightOfACampaign_HoweverManyPointsItHas()
    {
        ErrorBand band = ErrorBandRule.At(
            [.. Enumerable.Repeat(Settings.Error("a", 0.1), 990), .. Enumerable.Repeat(Settings.Error("b", 0.2), 10)], Settings.One)!;

        // 990 points have the weight 0.99, and 10 points 0.5: the mean square is (0.99 * 0.01 + 0.5 * 0.04) / 1.49.
        double square = ((0.99 * 0.01) + (0.5 * 0.04)) / 1.49;
        Assert.Equal(Math.Exp(Math.Tan(0.4 * Math.PI) * Math.Sqrt(1.5 * square)), band.HighFactor, 1e-6);
    }

    [Fact]
    public void At_NarrowsWithEachCampaign()
    {
        ErrorBand[] bands = [.. Enumerable.Range(1, 6).Select(count => ErrorBandRule.At(
            Enumerable.Range(0, count).Select(index => Settings.Error($"{index}", 0.1)), Settings.One)!)];

        // One and two campaigns both have one degree of freedom; each further one has a smaller t.
        Assert.Equal(bands[0], bands[1]);
        Assert.All(bands.Skip(1).Zip(bands.Skip(2)), pair => Assert.True(pair.Second.HighFactor < pair.First.HighFactor));
    }

    [Fact]
    public void At_IsAbsent_WithoutErrors()
    {
        Assert.Null(ErrorBandRule.At([], Settings.One));
        Assert.Null(ErrorBandRule.Of(Array.Empty<double>()));
    }

    [Fact]
    public void At_HoldsTheNumberItself_WhateverTheErrors() => Gen.Double[-2, 2].Array[1, 20].Sample(errors =>
    {
        ErrorBand band = ErrorBandRule.At(
            errors.Select((error, index) => Settings.Error($"{index % 3}", error)), Settings.One)!;
        Assert.InRange(band.LowFactor, 0, 1);
        Assert.InRange(band.HighFactor, 1, double.MaxValue);
    });

    [Fact]
    public void Of_CountsEachRunOnce_ForACalibratedProfile()
    {
        ErrorBand band = ErrorBandRule.Of([0.02, -0.02, 0.02, -0.02])!;

        // Mean squares 0.0002 on either side; t at 80 % with three degrees of freedom is 1.6377.
        Assert.Equal(Math.Exp(1.637744 * 0.02), band.HighFactor, 1e-6);
        Assert.Equal(1, band.LowFactor * band.HighFactor, 1e-9);
    }
}
