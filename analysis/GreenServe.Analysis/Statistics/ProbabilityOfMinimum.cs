using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>How likely each of several means is the smallest.</summary>
/// <remarks>
/// In each draw every mean is drawn from the Student t distribution of its repetitions, independently of the others. The probability of a
/// point is the share of draws in which it is the smallest. The seed is fixed, so that the answer is the same every time.
/// </remarks>
internal static class ProbabilityOfMinimum
{
    // The standard error of a share of 4,000 draws is at most 0.8 percentage points: enough to say "about half" or "almost certain".
    private const int Draws = 4000;
    private const int Seed = 20240329;

    /// <summary>The probability of each mean to be the smallest, in [0, 1]; together they are 1.</summary>
    /// <param name="means">The means with their repetitions; at least one mean.</param>
    /// <returns><c>null</c> when a mean has a single repetition, whose spread nobody knows.</returns>
    public static IReadOnlyList<double>? Of(IReadOnlyList<MeanInterval> means)
    {
        if (means.Any(mean => mean.Count < 2))
        {
            return null;
        }

        MersenneTwister random = new(Seed);
        (double Mean, double Scale, StudentT T)[] points = [.. means.Select(mean => (
            mean.Mean,
            Scale: mean.HalfWidth!.Value / StudentT.InvCDF(0, 1, mean.Count - 1, (1 + MeanInterval.DefaultConfidence) / 2),
            new StudentT(0, 1, mean.Count - 1, random)))];
        int[] wins = new int[points.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            int least = 0;
            double value = double.PositiveInfinity;
            for (int index = 0; index < points.Length; index++)
            {
                double drawn = points[index].Mean + (points[index].Scale > 0 ? points[index].Scale * points[index].T.Sample() : 0);
                if (drawn < value)
                {
                    (least, value) = (index, drawn);
                }
            }

            wins[least]++;
        }

        return [.. wins.Select(count => (double)count / Draws)];
    }
}
