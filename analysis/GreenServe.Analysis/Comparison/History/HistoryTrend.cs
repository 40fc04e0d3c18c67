using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;

namespace GreenServe.Analysis.Comparison.History;

/// <summary>One metric of one series over the labels of a history, with the places where its level changed.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Labels">The labels in the order of time.</param>
/// <param name="Means">The mean of the repetitions at each label, with its interval.</param>
/// <param name="Changes">Indices at which a new level begins.</param>
public sealed record HistoryTrend(
    string Series, MetricDefinition Metric, IReadOnlyList<string> Labels, IReadOnlyList<MeanInterval> Means, IReadOnlyList<int> Changes)
{
    /// <summary>Smallest number of labels in which the permutation test can find a change at its level of 1 %.</summary>
    /// <value>
    /// 10. A step in the middle of ten labels is matched by 2 of 252 orders, which is less than 1 %, and one in nine labels by 2 of 126.
    /// </value>
    public const int MinLabels = 10;

    // A straight line through two points has no spread.
    private const int MinFitted = 3;

    /// <summary>How fast the metric drifts since its last change of level, with half the width of the 95 % interval.</summary>
    /// <value>
    /// The change from one label to the next as a share of the level's mean; <c>null</c> below three labels since the last change of level,
    /// or at a mean of 0.
    /// </value>
    public (double PerLabel, double HalfWidth)? Drift
    {
        get
        {
            double[] level = [.. Means.Skip(Changes.Count == 0 ? 0 : Changes[^1]).Select(mean => mean.Mean)];
            if (level.Length < MinFitted || level.Average() == 0)
            {
                return null;
            }

            LinearFit? fit = LinearFit.Of([[.. level.Select(_ => 1.0)], [.. level.Select((_, index) => (double)index)]], level);
            return fit?.HalfWidths is { } widths ? (fit.Coefficients[1] / level.Average(), widths[1] / Math.Abs(level.Average())) : null;
        }
    }

    /// <summary>Whether a change of level is for the worse; <c>null</c> for a metric of which no value is better than another.</summary>
    /// <param name="change">Position in <see cref="Changes"/>.</param>
    public bool? IsWorse(int change) => Metric.Better switch
    {
        Direction.Lower => ChangeRatio(change) > 0,
        Direction.Higher => !(ChangeRatio(change) > 0),
        _ => null,
    };

    /// <summary>Relative size of a change of level: the mean level after the change divided by the level before, minus 1.</summary>
    /// <param name="change">Position in <see cref="Changes"/>.</param>
    public double ChangeRatio(int change)
    {
        int at = Changes[change];
        int from = change == 0 ? 0 : Changes[change - 1];
        int to = change + 1 < Changes.Count ? Changes[change + 1] : Means.Count;
        return (Means.Skip(at).Take(to - at).Average(mean => mean.Mean) / Means.Skip(from).Take(at - from).Average(mean => mean.Mean)) - 1;
    }

    /// <summary>Finds the trends of some metrics, for every series that has a metric at two labels or more.</summary>
    /// <param name="entries">Entries in the order of time. Invalid runs are left out.</param>
    /// <param name="metrics">The metrics.</param>
    public static IReadOnlyList<HistoryTrend> Of(IReadOnlyList<HistoryEntry> entries, IReadOnlyList<MetricDefinition> metrics)
    {
        List<HistoryTrend> trends = [];
        foreach (IGrouping<string, HistoryEntry> series in entries.Where(entry => entry.IsValid).GroupBy(entry => entry.Series))
        {
            foreach (MetricDefinition metric in metrics)
            {
                (string Label, MeanInterval Mean)[] points = [.. series
                    .Where(entry => entry.Metrics.ContainsKey(metric.Name))
                    .GroupBy(entry => entry.Label)
                    .Select(group => (group.Key, MeanInterval.Of([.. group.Select(entry => entry.Metrics[metric.Name])])!))];
                if (points.Length >= 2)
                {
                    double[] values = [.. points.Select(point => point.Mean.Mean)];
                    trends.Add(new HistoryTrend(
                        series.Key,
                        metric,
                        [.. points.Select(point => point.Label)],
                        [.. points.Select(point => point.Mean)],
                        ChangePoints.Of(values)));
                }
            }
        }

        return trends;
    }
}
