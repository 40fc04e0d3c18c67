using System.Collections.Concurrent;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Validation;
using MathNet.Numerics.Distributions;

namespace GreenServe.Simulation.Trust;

/// <summary>The rule that makes an error band of the errors at other settings.</summary>
/// <remarks>
/// <para>Each error e, the logarithm of the measured over the predicted value, has the weight w = 2^-d, where d is the distance of its
/// setting. Errors at points that constants were fitted to count double. Each campaign c has the mean squares of its errors below and
/// above zero, <c>L_c = Σ w·min(e, 0)² / Σ w</c> and <c>H_c = Σ w·max(e, 0)² / Σ w</c>. Its weight is that of its nearest point
/// times n / (n + 10), where n is the number of its points. L and H are the means over the campaigns.</para>
/// <para>The band reaches from <c>exp(-t·sqrt(1.5·L + 0.5·H))</c> to <c>exp(t·sqrt(1.5·H + 0.5·L))</c>: half of it follows the side
/// of the errors and half their size, because what is left of a bias is known of a few laboratories alone. t is Student's t at
/// <see cref="Share"/> with one degree of freedom fewer than there are campaigns, so that few campaigns make a wide band.</para>
/// </remarks>
internal static class ErrorBandRule
{
    /// <summary>Share of the cases in which a measurement is to lie within the band.</summary>
    internal const double Share = 0.8;

    /// <summary>
    /// Factor on errors at points that constants were fitted to. Errors on other points have been two to three times as large.
    /// </summary>
    internal const double FittedFactor = 2;

    /// <summary>Number of points with which a campaign has half of its full weight: fewer say little about their laboratory.</summary>
    private const double PointsOfHalfWeight = 10;

    /// <summary>Weight of the mean squares on a band's own side of zero; those of the other side have 2 less that.</summary>
    private const double OwnSide = 1.5;

    /// <summary>Student's t by degrees of freedom. It is found by search, which takes longer than all the rest of a band.</summary>
    private static readonly ConcurrentDictionary<int, double> Quantiles = new();

    /// <summary>The band at a setting; <c>null</c> without errors.</summary>
    /// <param name="errors">Errors at other settings.</param>
    /// <param name="setting">The setting.</param>
    internal static ErrorBand? At(IEnumerable<ValidatedError> errors, SimulatedSetting setting)
    {
        Dictionary<string, Campaign> campaigns = [];
        foreach (ValidatedError error in errors)
        {
            double weight = Math.Pow(2, -SettingDistance.Between(setting, error.Setting));
            campaigns[error.Campaign] = campaigns.GetValueOrDefault(error.Campaign).With(weight, error.LogRatio * FactorOf(error));
        }

        double total = campaigns.Values.Sum(campaign => campaign.Weight);
        return campaigns.Count == 0
            ? null
            : Of(
                campaigns.Values.Sum(campaign => campaign.Weight * campaign.LowSquare) / total,
                campaigns.Values.Sum(campaign => campaign.Weight * campaign.HighSquare) / total,
                campaigns.Count);
    }

    /// <summary>
    /// The band of errors that are independent of each other, such as those of a calibrated profile on runs of its own server that were
    /// held out; <c>null</c> without errors.
    /// </summary>
    /// <param name="logRatios">Natural logarithms of the measured over the predicted values.</param>
    internal static ErrorBand? Of(IEnumerable<double> logRatios) => Of([.. logRatios.Select(error => new[] { error })]);

    /// <summary>The band of the errors of some campaigns, which all weigh the same; <c>null</c> without campaigns.</summary>
    /// <param name="campaigns">The errors of each campaign, at least one in each.</param>
    internal static ErrorBand? Of(IReadOnlyList<IReadOnlyList<double>> campaigns) => campaigns.Count == 0
        ? null
        : Of(
            campaigns.Average(errors => errors.Average(error => Square(Math.Min(error, 0)))),
            campaigns.Average(errors => errors.Average(error => Square(Math.Max(error, 0)))),
            campaigns.Count);

    private static ErrorBand Of(double lowSquare, double highSquare, int count)
    {
        double t = Quantiles.GetOrAdd(Math.Max(1, count - 1), freedom => StudentT.InvCDF(0, 1, freedom, (1 + Share) / 2));
        return new ErrorBand
        {
            LowFactor = Math.Exp(-t * Math.Sqrt((OwnSide * lowSquare) + ((2 - OwnSide) * highSquare))),
            HighFactor = Math.Exp(t * Math.Sqrt((OwnSide * highSquare) + ((2 - OwnSide) * lowSquare))),
        };
    }

    private static double FactorOf(ValidatedError error) => error.IsFitted ? FittedFactor : 1;

    private static double Square(double value) => value * value;

    /// <summary>The weighted sums of one campaign.</summary>
    private readonly record struct Campaign(int Points, double Weights, double Nearest, double LowSum, double HighSum)
    {
        internal double Weight => Nearest * Points / (Points + PointsOfHalfWeight);

        internal double LowSquare => LowSum / Weights;

        internal double HighSquare => HighSum / Weights;

        internal Campaign With(double weight, double error) => new(
            Points + 1,
            Weights + weight,
            Math.Max(Nearest, weight),
            LowSum + (weight * Square(Math.Min(error, 0))),
            HighSum + (weight * Square(Math.Max(error, 0))));
    }
}
