using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class BandCoverageTests
{
    /// <summary>Fewer errors say little about a share.</summary>
    private const int MinErrors = 30;

    /// <summary>
    /// The rule's own check on the published points. A campaign is covered as a whole or not at all, so that the share of a metric with few
    /// campaigns scatters widely around 80 %.
    /// </summary>
    [Fact]
    public void Of_HoldsAboutTheStatedShare_OnThePublishedPoints()
    {
        IReadOnlyList<BandCoverage> coverage = BandCoverage.Of(ShippedValidation.Report);

        Assert.Contains(coverage, item => item.Metric == PointMetric.Tbt && item.Errors > 100);
        Assert.All(coverage.Where(item => item.Errors >= MinErrors), item => Assert.True(
            item.CoveredShare is >= 0.6 and <= 1, $"{item.Metric}: {item.CoveredShare:P0} of {item.Errors}"));
        double all = coverage.Sum(item => item.Errors * item.CoveredShare) / coverage.Sum(item => item.Errors);
        Assert.True(all is >= 0.72 and <= 0.97, $"{all:P0} of all: {string.Join(", ", coverage)}");
    }

    [Fact]
    public void Of_LeavesOutThePointsOwnCampaign()
    {
        // Campaign a is off by 10 %, b by 50 %. From b alone a is covered. From a alone b is not: the band ends at
        // tan(0.4 pi) * sqrt(1.5) * ln(1.1) = 0.359, below ln(1.5) = 0.405.
        BandCoverage tbt = BandCoverage.Of(new ValidationReport([Result("a", 1.1), Result("b", 1.5)]))
            .Single(item => item.Metric == PointMetric.Tbt);

        Assert.Equal((2, 2, 0.5), (tbt.Errors, tbt.Campaigns, tbt.CoveredShare));
    }

    [Fact]
    public void Of_CountsOnlyPointsThatNoConstantWasFittedTo()
    {
        PointResult fitted = Result("b", 1.1);
        fitted = fitted with { Point = fitted.Point with { Split = "calibration" } };

        BandCoverage tbt = BandCoverage.Of(new ValidationReport([Result("a", 1.1), fitted])).Single(item => item.Metric == PointMetric.Tbt);

        Assert.Equal((1, 1.0), (tbt.Errors, tbt.CoveredShare));
    }

    private static PointResult Result(string source, double measuredOverPredicted) => new(
        Points.Point(source) with { Source = source, TbtSeconds = 0.01 * measuredOverPredicted },
        "vllm-0.11",
        new Prediction(0.1, 0.01, 1, 1, 1, 0),
        null)
    {
        Setting = Settings.One,
    };
}
