using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>Finds where the level of a series changed.</summary>
/// <remarks>
/// Binary segmentation (Vostrikova 1981): the split with the largest standardised difference of means is kept if fewer than the level's
/// share of random orders of the same values split as well (permutation test, fixed seed), and both halves are searched again. Every
/// segment has at least two values, so that a single outlier is no change.
/// </remarks>
public static class ChangePoints
{
    private const int Permutations = 999;
    private const int MinSegment = 2;
    private const int Seed = 20240329;

    /// <summary>Indices at which a new level begins, ascending.</summary>
    /// <param name="values">The series in time order.</param>
    /// <param name="level">Chance of seeing a change where there is none, for each segment searched.</param>
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
        (int split, double statistic) = BestSplit(segment);
        if (split == 0 || !IsRare(segment, statistic, level, random))
        {
            return;
        }

        found.Add(from + split);
        Search(values, from, from + split, level, random, found);
        Search(values, from + split, to, level, random, found);
    }

    private static bool IsRare(double[] segment, double statistic, double level, MersenneTwister random)
    {
        int most = (int)Math.Floor((level * (Permutations + 1)) - 1 + 1e-9);
        int atLeast = 0;
        double[] shuffled = [.. segment];
        for (int permutation = 0; permutation < Permutations; permutation++)
        {
            for (int index = shuffled.Length - 1; index > 0; index--)
            {
                int other = random.Next(index + 1);
                (shuffled[index], shuffled[other]) = (shuffled[other], shuffled[index]);
            }

            if (BestSplit(shuffled).Statistic >= statistic * (1 - 1e-12) && ++atLeast > most)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The split with the largest n1·n2/n·(mean difference)²; 0 if the series is too short or flat.</summary>
    private static (int Split, double Statistic) BestSplit(double[] values)
    {
        double total = values.Sum();
        double sum = 0;
        (int Split, double Statistic) best = (0, 0);
        for (int split = 1; split <= values.Length - MinSegment; split++)
        {
            sum += values[split - 1];
            if (split < MinSegment)
            {
                continue;
            }

            int rest = values.Length - split;
            double difference = (sum / split) - ((total - sum) / rest);
            double statistic = (double)split * rest / values.Length * difference * difference;
            if (statistic > best.Statistic * (1 + 1e-12))
            {
                best = (split, statistic);
            }
        }

        return best;
    }
}
