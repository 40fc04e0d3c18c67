using GreenServe.Records.Runs;
using MathNet.Numerics.Random;

namespace GreenServe.Analysis.Statistics;

/// <summary>Intervals for percentiles of the pooled requests of several runs.</summary>
/// <remarks>
/// <para>
/// Whole runs are drawn with replacement and their requests are pooled, because requests of one run share its luck: the spread inside a run
/// says nothing about the next run. The interval holds the middle share of the percentiles of 1,000 draws. The seed is fixed, so that the
/// answer is the same every time.
/// </para>
/// <para>
/// With few runs the interval is too narrow, because no draw can hold anything but these runs: of three runs, 3 in 27 draws are one run
/// three times. Values are as exact as the histograms' bins (0.4 %). Source: the cluster bootstrap of Davison and Hinkley, Bootstrap
/// Methods and their Application, 1997, section 3.8.
/// </para>
/// </remarks>
internal static class ClusterBootstrap
{
    private const int Resamples = 1000;
    private const int Seed = 20240329;

    /// <summary>Percentiles of the pooled requests with their intervals.</summary>
    /// <param name="runs">The values of each run; runs without values are left out.</param>
    /// <param name="percentiles">The percentiles, each in (0, 100].</param>
    /// <param name="confidence">Confidence of the intervals, in (0, 1).</param>
    /// <returns>One entry for each percentile, with an interval from two runs on; empty if no run has values.</returns>
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

    /// <summary>
    /// Draws runs with replacement. The result holds, for each percentile, its values in all draws in ascending order.
    /// </summary>
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

            // Three runs have only ten different draws and five runs 126, so that most draws are known already.
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
            (double Value, long Count)[] pooled = [.. Bins
                .Select((bin, place) => (
                    Value: LatencyHistogram.MiddleSeconds(bin),
                    Count: weights.Select((weight, run) => weight * ByRun[run][place]).Sum()))
                .Where(pair => pair.Count > 0)];
            return [.. percentiles.Select(percentile => NearestRank.Of(pooled, percentile)!.Value)];
        }
    }
}
