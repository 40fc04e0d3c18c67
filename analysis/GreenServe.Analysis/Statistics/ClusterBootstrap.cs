using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>An interval for a percentile over several runs.</summary>
/// <remarks>
/// Whole runs are drawn with replacement and their requests pooled (cluster bootstrap; Davison and Hinkley 1997, section 3.8), since
/// requests of one run share its luck: the spread inside a run says nothing about the next run. Percentile interval, fixed seed.
/// </remarks>
public static class ClusterBootstrap
{
    private const int Resamples = 1000;
    private const int Seed = 20240329;

    /// <summary>The pooled percentile with its interval.</summary>
    /// <param name="runs">The values of each run, in any order.</param>
    /// <param name="percentile">In (0, 100].</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns><c>null</c> without values; an interval only from two runs on.</returns>
    public static MeanInterval? Percentile(IReadOnlyList<double[]> runs, double percentile, double confidence = MeanInterval.DefaultConfidence)
    {
        (double Value, int Run)[] pooled = [.. runs.SelectMany((run, index) => run.Select(value => (value, index))).OrderBy(pair => pair.value)];
        if (pooled.Length == 0)
        {
            return null;
        }

        double[] values = [.. pooled.Select(pair => pair.Value)];
        double point = NearestRank.Of(values, percentile)!.Value;
        if (runs.Count < 2)
        {
            return new MeanInterval(runs.Count, point, null, null);
        }

        MersenneTwister random = new(Seed);
        List<double> drawn = new(Resamples);
        int[] weights = new int[runs.Count];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(weights);
            for (int draw = 0; draw < runs.Count; draw++)
            {
                weights[random.Next(runs.Count)]++;
            }

            if (Weighted(pooled, weights, percentile) is { } value)
            {
                drawn.Add(value);
            }
        }

        drawn.Sort();
        double tail = 100 * (1 - confidence) / 2;
        double[] sorted = [.. drawn];
        return new MeanInterval(runs.Count, point, NearestRank.Of(sorted, tail), NearestRank.Of(sorted, 100 - tail));
    }

    private static double? Weighted((double Value, int Run)[] pooled, int[] weights, double percentile)
    {
        long total = pooled.Sum(pair => (long)weights[pair.Run]);
        long rank = Math.Max(1, (long)Math.Ceiling((percentile * total / 100) - 1e-9));
        long seen = 0;
        foreach ((double value, int run) in pooled)
        {
            seen += weights[run];
            if (seen >= rank && weights[run] > 0)
            {
                return value;
            }
        }

        return null;
    }
}
