using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>How sure it is which of several means is the least.</summary>
/// <remarks>
/// Each mean is drawn from the Student t distribution of its repetitions, independently; the share of draws in which a point is the
/// least is its probability. A fixed seed makes the answer the same every time.
/// </remarks>
public static class ProbabilityOfMinimum
{
    private const int Draws = 4000;
    private const int Seed = 20240329;

    /// <summary>The probability of each mean to be the least.</summary>
    /// <param name="means">The means with their repetitions; at least one.</param>
    /// <returns><c>null</c> when a mean has no interval (one repetition): then there is no telling.</returns>
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
