using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>Finds where the level of a series changed.</summary>
/// <remarks>
/// The method is binary segmentation (Vostrikova 1981) with a permutation test. The split with the largest standardised difference of means
/// is kept if fewer random orders of the same values than the level's share split as well; then both halves are searched again. Every
/// segment has at least two values, so that a single outlier is no change. The seed is fixed, so that the answer is the same every time.
/// </remarks>
internal static class ChangePoints
{
    // With the order that was observed these make 1,000 orders, so that a level of 1 % is a whole number of them.
    private const int Permutations = 999;
    private const int MinSegment = 2;
    private const int Seed = 20240329;

    // Two statistics closer than this are equal: sums of the same values in another order differ in their last digits.
    private const double Rounding = 1e-12;

    /// <summary>The indices at which a new level begins, ascending; none if the level never changed.</summary>
    /// <param name="values">The series in the order of time.</param>
    /// <param name="level">Chance of finding a change where there is none, for each segment that is searched, in (0, 1).</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<double> values, double level = 0.01)
    {
        List<int> found = [];
        Search([.. values], 0, values.Count, level, new MersenneTwister(Seed), found);
        found.Sort();
        return found;
    }

    private static void Search(double[] values, int from, int to, double level, MersenneTwister random, List<int> found)
    {
        double[] segment = values[from..to];
        if (BestSplit(segment) is not { } best || !IsRare(segment, best.Statistic, level, random))
        {
            return;
        }

        int split = from + best.At;
        found.Add(split);
        Search(values, from, split, level, random, found);
        Search(values, split, to, level, random, found);
    }

    /// <summary>Whether random orders of the same values rarely split as well as the observed order does.</summary>
    private static bool IsRare(double[] segment, double statistic, double level, MersenneTwister random)
    {
        int allowed = (int)Math.Floor((level * (Permutations + 1)) - 1 + 1e-9);   // 0.01 x 1000 must not become 9.999...
        int atLeast = 0;
        double[] shuffled = [.. segment];
        for (int permutation = 0; permutation < Permutations; permutation++)
        {
            for (int index = shuffled.Length - 1; index > 0; index--)
            {
                int other = random.Next(index + 1);
                (shuffled[index], shuffled[other]) = (shuffled[other], shuffled[index]);
            }

            if (BestSplit(shuffled)?.Statistic >= statistic * (1 - Rounding) && ++atLeast > allowed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The split with the largest n1·n2/n·(difference of means)²; <c>null</c> if the series is too short or flat.</summary>
    private static Split? BestSplit(double[] values)
    {
        double total = values.Sum();
        double sum = 0;
        Split? best = null;
        for (int at = 1; at <= values.Length - MinSegment; at++)
        {
            sum += values[at - 1];
            if (at < MinSegment)
            {
                continue;
            }

            int rest = values.Length - at;
            double difference = (sum / at) - ((total - sum) / rest);
            double statistic = (double)at * rest / values.Length * difference * difference;
            if (statistic > (best?.Statistic ?? 0) * (1 + Rounding))
            {
                best = new Split(at, statistic);
            }
        }

        return best;
    }

    /// <summary>A place where a series may be split.</summary>
    /// <param name="At">Index of the first value after the split.</param>
    /// <param name="Statistic">How far the means of both sides lie apart; above 0.</param>
    private readonly record struct Split(int At, double Statistic);
}
