using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GreenServe.Search.Advising.Findings;

/// <summary>How likely each of several settings is the one of least objective.</summary>
/// <remarks>
/// Each draw moves the mean logarithm of every setting by what another set of repetitions would, and by what the simulator may be off by.
/// The repetitions are moved together: each has one normal weight for all settings, so that what the requests do to all of them cancels
/// out. The weights are scaled so that the difference of any two settings follows Student's t of their paired differences. The seed is
/// fixed: the answer is the same every time.
/// </remarks>
internal static class LeastProbability
{
    // The standard error of a share of 4,000 draws is at most 0.8 percentage points.
    private const int Draws = 4000;
    private const int Seed = 20240329;

    /// <summary>The probability of each setting to have the least, in [0, 1]; together they are 1.</summary>
    /// <param name="settings">The settings; at least one.</param>
    /// <param name="errors">What the simulator may be off by; <c>null</c> where that is not known or does not apply.</param>
    /// <returns><c>null</c> where fewer than two repetitions are common to all settings.</returns>
    internal static IReadOnlyList<double>? Of(IReadOnlyList<Candidate> settings, RatioErrors? errors)
    {
        (string Workload, ulong Seed)[] seeds = [.. settings
            .Select(setting => setting.Seeds)
            .Aggregate((common, own) => common.Intersect(own))
            .Order()];
        return seeds.Length < 2
            ? null
            : Of([.. settings.Select(setting => seeds.Select(seed => Math.Log(setting.ValueOf(seed))).ToArray())], errors?.Root());
    }

    /// <summary>The probability of each row to have the least mean.</summary>
    /// <param name="logs">Logarithms: one row a setting, one column a repetition; at least two columns.</param>
    /// <param name="root">
    /// A matrix that makes the simulator's errors of independent standard normal numbers, one row a setting; <c>null</c> for no errors.
    /// </param>
    internal static IReadOnlyList<double> Of(double[][] logs, double[,]? root)
    {
        int repetitions = logs[0].Length;
        double[] means = [.. logs.Select(row => row.Average())];
        MersenneTwister random = new(Seed);
        double[] weights = new double[repetitions];
        double[] numbers = new double[root?.GetLength(1) ?? 0];
        int[] wins = new int[logs.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            Fill(weights, random);
            Fill(numbers, random);
            double scale = Math.Sqrt(
                (repetitions - 1) / ChiSquared.Sample(random, repetitions - 1) / ((double)repetitions * (repetitions - 1)));
            int least = 0;
            double value = double.PositiveInfinity;
            for (int row = 0; row < logs.Length; row++)
            {
                double drawn = means[row] + (scale * Moved(logs[row], means[row], weights)) + Error(root, row, numbers);
                if (drawn < value)
                {
                    (least, value) = (row, drawn);
                }
            }

            wins[least]++;
        }

        return [.. wins.Select(count => (double)count / Draws)];
    }

    private static void Fill(double[] numbers, MersenneTwister random)
    {
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = Normal.Sample(random, 0, 1);
        }
    }

    private static double Moved(double[] logs, double mean, double[] weights)
    {
        double sum = 0;
        for (int repetition = 0; repetition < logs.Length; repetition++)
        {
            sum += weights[repetition] * (logs[repetition] - mean);
        }

        return sum;
    }

    private static double Error(double[,]? root, int row, double[] numbers)
    {
        double sum = 0;
        for (int column = 0; column < numbers.Length; column++)
        {
            sum += root![row, column] * numbers[column];
        }

        return sum;
    }
}
