using GreenServe.Analysis.Metrics;
using GreenServe.Search.Advising.Findings;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Search.Advising.Findings;

/// <summary>Holds decision 0143 against the published points.</summary>
public sealed class RatioErrorsTests
{
    [Theory]
    [InlineData(PointMetric.JoulesPerToken)]
    [InlineData(PointMetric.Watts)]
    public void DeviationBetween_HoldsTheRatiosOfACampaign_ThatTheBandsDoNotKnow(PointMetric metric)
    {
        IReadOnlyList<ValidatedError> errors = ValidatedError.Of(ShippedValidation.Report, metric);

        double[] shares = [.. errors.GroupBy(error => error.Campaign).Select(campaign => ShareWithin([.. campaign], errors))];

        // The bands are for 80 % of the cases. Few campaigns make them wide, so that ratios lie within them more often.
        Assert.Equal(4, shares.Length);
        Assert.InRange(shares.Average(), 0.8, 0.97);
    }

    [Fact]
    public void DeviationBetween_IsSmall_WhereSettingsDifferInTheClockAlone()
    {
        Candidate[] settings = [.. new[] { AdviceCase.Number(1, 1980), AdviceCase.Number(1, 1500), AdviceCase.Number(4, 1980) }
            .Select(number => Candidate.Of(number, AdviceCase.EvidenceOf(Runs, [])))];

        RatioErrors errors = RatioErrors.Of(settings, AdviceCase.EvidenceOf(Runs, []))!;

        // Bands, distances and lowered clocks are those of the shipped validation, so that only the order is certain.
        Assert.Equal(0, errors.DeviationBetween(0, 0), tolerance: 1e-9);
        Assert.InRange(errors.DeviationBetween(0, 2), errors.DeviationBetween(0, 1) + 0.01, 0.5);
        Assert.Equal(errors.DeviationBetween(0, 2), errors.DeviationBetween(2, 0), tolerance: 1e-12);
    }

    [Fact]
    public void Root_MakesErrorsWithTheDeviationsOfTheRatios()
    {
        Candidate[] settings =
            [.. Runs.Keys.Select(number => Candidate.Of(number, AdviceCase.EvidenceOf(Runs, [])))];
        RatioErrors errors = RatioErrors.Of(settings, AdviceCase.EvidenceOf(Runs, []))!;

        double[,] root = errors.Root();

        // The difference of two rows times independent standard normal numbers has the norm of that difference as deviation.
        double squared = Enumerable.Range(0, root.GetLength(1)).Sum(column => Math.Pow(root[0, column] - root[2, column], 2));
        Assert.Equal(errors.DeviationBetween(0, 2), Math.Sqrt(squared), tolerance: 1e-9);
    }

    private static Dictionary<long, IReadOnlyList<RunMetrics>> Runs { get; } =
        new[] { AdviceCase.Number(1, 1980), AdviceCase.Number(1, 1500), AdviceCase.Number(4, 1980) }
            .ToDictionary(number => number, number => AdviceCase.RunsOf(
                1, bands: SimulatorErrors.For(AdviceCase.SystemOf(AdviceCase.Space[number]), concurrentRequests: 1)));

    /// <summary>
    /// Share of the pairs of a campaign whose ratio lies within 1.28 deviations of the simulated one, where the bands know every other
    /// campaign.
    /// </summary>
    private static double ShareWithin(ValidatedError[] campaign, IReadOnlyList<ValidatedError> errors)
    {
        ValidatedError[] others = [.. errors.Where(error => error.Campaign != campaign[0].Campaign)];
        double[] deviations = [.. campaign.Select(error => RatioErrors.DeviationOf(ErrorBandRule.At(others, error.Setting)!))];
        int pairs = 0;
        int within = 0;
        for (int one = 0; one < campaign.Length; one++)
        {
            for (int other = 0; other < one; other++)
            {
                double shared = RatioErrors.SharedShare(SimulatorErrors.CommonErrorShare(campaign[one].Setting, campaign[other].Setting));
                double squared = Math.Pow(deviations[one], 2) + Math.Pow(deviations[other], 2)
                    - (2 * shared * deviations[one] * deviations[other]);
                if (squared > 1e-12)
                {
                    pairs++;
                    within += Math.Abs(campaign[one].LogRatio - campaign[other].LogRatio) <= 1.2816 * Math.Sqrt(squared) ? 1 : 0;
                }
            }
        }

        return (double)within / pairs;
    }
}
