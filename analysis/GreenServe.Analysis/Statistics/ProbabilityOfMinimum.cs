using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>How likely each of several means is the smallest.</summary>
/// <remarks>
/// Each draw moves every mean by what another set of repetitions would. The probability of a mean is the share of draws in which it is the
/// smallest; means that are equal in a draw share it. The seed is fixed, so that the answer is the same every time.
/// </remarks>
public static class ProbabilityOfMinimum
{
    // The standard error of a share of 4,000 draws is at most 0.8 percentage points: enough to say "about half" or "almost certain".
    private const int Draws = 4000;
    private const int Seed = 20240329;

    /// <summary>
    /// The probability of each mean to be the smallest, in [0, 1]; together they are 1. Each is drawn from the Student t distribution of
    /// its repetitions, independently of the others.
    /// </summary>
    /// <param name="means">The means with their repetitions; at least one mean.</param>
    /// <returns><c>null</c> when a mean has a single repetition, whose spread nobody knows.</returns>
    internal static IReadOnlyList<double>? Of(IReadOnlyList<MeanInterval> means)
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
        return SharesOf(
            points.Length,
            begin: _ => { },
            index => points[index].Mean + (points[index].Scale > 0 ? points[index].Scale * points[index].T.Sample() : 0));
    }

    /// <summary>
    /// The probability of each row to have the smallest mean, in [0, 1], where the repetitions of all rows are pairs: those of one column
    /// served the same requests. Together the probabilities are 1.
    /// </summary>
    /// <remarks>
    /// The repetitions are moved together: each has one normal weight for all rows, so that what the requests do to all of them cancels
    /// out. The weights are scaled so that the difference of any two rows follows Student's t of their paired differences.
    /// </remarks>
    /// <param name="rows">One row a setting, one column a repetition; at least two columns.</param>
    /// <param name="errors">
    /// A matrix that makes errors of independent standard normal numbers, one row a setting; <c>null</c> for no errors but those of the
    /// repetitions.
    /// </param>
    public static IReadOnlyList<double> OfPairs(double[][] rows, double[,]? errors = null)
    {
        int repetitions = rows[0].Length;
        double[] means = [.. rows.Select(row => row.Average())];
        double[] weights = new double[repetitions];
        double[] numbers = new double[errors?.GetLength(1) ?? 0];
        double scale = 0;
        return SharesOf(
            rows.Length,
            random =>
            {
                Fill(weights, random);
                Fill(numbers, random);
                scale = Math.Sqrt(
                    (repetitions - 1) / ChiSquared.Sample(random, repetitions - 1) / ((double)repetitions * (repetitions - 1)));
            },
            row => means[row] + (scale * Moved(rows[row], means[row], weights)) + Error(errors, row, numbers));
    }

    /// <summary>The share of draws in which each of some means is the smallest.</summary>
    /// <param name="count">Number of means.</param>
    /// <param name="begin">Draws what all means share.</param>
    /// <param name="draw">Draws one mean.</param>
    private static double[] SharesOf(int count, Action<MersenneTwister> begin, Func<int, double> draw)
    {
        MersenneTwister random = new(Seed);
        double[] wins = new double[count];
        double[] drawn = new double[count];
        for (int number = 0; number < Draws; number++)
        {
            begin(random);
            for (int index = 0; index < count; index++)
            {
                drawn[index] = draw(index);
            }

            double least = drawn.Min();
            int equals = drawn.Count(value => value == least);
            for (int index = 0; index < count; index++)
            {
                wins[index] += drawn[index] == least ? 1.0 / equals : 0;
            }
        }

        return [.. wins.Select(won => won / Draws)];
    }

    private static void Fill(double[] numbers, MersenneTwister random)
    {
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = Normal.Sample(random, 0, 1);
        }
    }

    private static double Moved(double[] values, double mean, double[] weights)
    {
        double sum = 0;
        for (int repetition = 0; repetition < values.Length; repetition++)
        {
            sum += weights[repetition] * (values[repetition] - mean);
        }

        return sum;
    }

    private static double Error(double[,]? errors, int row, double[] numbers)
    {
        double sum = 0;
        for (int column = 0; column < numbers.Length; column++)
        {
            sum += errors![row, column] * numbers[column];
        }

        return sum;
    }
}
