using GreenServe.Records.Runs;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>Intervals for percentiles of the pooled requests of several runs.</summary>
/// <remarks>
/// Whole runs are drawn with replacement and their requests pooled (cluster bootstrap; Davison and Hinkley, Bootstrap Methods and their Application,
/// 1997, section 3.8), since requests of one run share its luck: the spread inside a run says nothing about the next run. Percentile interval of
/// 1,000 draws, fixed seed. With few runs it is too narrow, since no draw can leave the runs that there are: for three, 3 in 27 draws
/// are one run three times. Values are as exact as the histograms' bins (0.4 %).
/// </remarks>
public static class ClusterBootstrap
{
    private const int Resamples = 1000;
    private const int Seed = 20240329;

    /// <summary>Pooled percentiles with their intervals.</summary>
    /// <param name="runs">The values of each run; runs without any are left out.</param>
    /// <param name="percentiles">Each in (0, 100].</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>One a percentile; empty without values. Intervals only from two runs on.</returns>
    public static IReadOnlyList<MeanInterval> Percentiles(
        IEnumerable<LatencyHistogram> runs, IReadOnlyList<double> percentiles, double confidence = MeanInterval.DefaultConfidence)
    {
        LatencyHistogram[] used = [.. runs.Where(run => run.Count > 0)];
        if (used.Length == 0)
        {
            return [];
        }

        Counts counts = Counts.Of(used);
        double[] points = counts.Percentiles([.. used.Select(_ => 1)], percentiles);
        if (used.Length < 2)
        {
            return [.. points.Select(point => new MeanInterval(1, point, null, null))];
        }

        double[][] drawn = Draw(counts, used.Length, percentiles);
        double tail = 100 * (1 - confidence) / 2;
        return [.. points.Select((point, index) => new MeanInterval(
            used.Length, point, NearestRank.Of(drawn[index], tail), NearestRank.Of(drawn[index], 100 - tail)))];
    }

    /// <summary>Percentiles of every draw, each in ascending order.</summary>
    private static double[][] Draw(Counts counts, int runs, IReadOnlyList<double> percentiles)
    {
        MersenneTwister random = new(Seed);
        double[][] drawn = [.. percentiles.Select(_ => new double[Resamples])];
        Dictionary<string, double[]> known = [];
        int[] weights = new int[runs];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(weights);
            for (int draw = 0; draw < runs; draw++)
            {
                weights[random.Next(runs)]++;
            }

            // Three runs have but ten different draws, five 126.
            string key = string.Join(',', weights);
            if (!known.TryGetValue(key, out double[]? values))
            {
                known[key] = values = counts.Percentiles(weights, percentiles);
            }

            for (int index = 0; index < values.Length; index++)
            {
                drawn[index][resample] = values[index];
            }
        }

        foreach (double[] values in drawn)
        {
            Array.Sort(values);
        }

        return drawn;
    }

    /// <summary>Counts of every run over the bins that any of them uses.</summary>
    private sealed record Counts(int[] Bins, long[][] ByRun)
    {
        internal static Counts Of(LatencyHistogram[] runs)
        {
            int[] bins = [.. runs.SelectMany(run => run.Bins.Select(bin => bin.Key)).Distinct().Order()];
            return new Counts(bins, [.. runs.Select(run =>
            {
                Dictionary<int, long> own = run.Bins.ToDictionary();
                return bins.Select(bin => own.GetValueOrDefault(bin)).ToArray();
            })]);
        }

        /// <summary>Percentiles with each run counted as often as its weight says.</summary>
        internal double[] Percentiles(int[] weights, IReadOnlyList<double> percentiles)
        {
            (double Value, long Count)[] pooled = [.. Bins.Select((bin, place) =>
                (LatencyHistogram.MiddleSeconds(bin), weights.Select((weight, run) => weight * ByRun[run][place]).Sum())).Where(pair => pair.Item2 > 0)];
            return [.. percentiles.Select(percentile => NearestRank.Of(pooled, percentile)!.Value)];
        }
    }
}
