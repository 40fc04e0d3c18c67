using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;

namespace GreenServe.Analysis.Comparison.History;

/// <summary>One metric of one series over the labels of a history, with the places where its level changed.</summary>
/// <param name="Series">The series.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Labels">The labels in the order of time.</param>
/// <param name="Means">Mean and interval at each label, between its repetitions.</param>
/// <param name="Changes">Indices at which a new level begins.</param>
public sealed record HistoryTrend(
    string Series, MetricDefinition Metric, IReadOnlyList<string> Labels, IReadOnlyList<MeanInterval> Means, IReadOnlyList<int> Changes)
{
    /// <summary>Fewest labels in which the permutation test can find a change at its level of 1 %: a split of ten has 252 orders, of nine 126.</summary>
    public const int MinLabels = 10;

    // A straight line through two points has no spread.
    private const int MinFitted = 3;

    /// <summary>Drift inside the present level: change from one label to the next over the level's mean, with its 95 % interval.</summary>
    /// <returns><c>null</c> below three labels since the last change, or at a mean of 0.</returns>
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

    /// <summary>Whether the change is for the worse; <c>null</c> for a metric that has no better side.</summary>
    /// <param name="change">Position in <see cref="Changes"/>.</param>
    public bool? IsWorse(int change) => Metric.Better == Direction.Neither ? null : SizeOf(change) > 0 == (Metric.Better == Direction.Lower);

    /// <summary>Relative size of a change: the mean level after it over the one before, minus 1.</summary>
    /// <param name="change">Position in <see cref="Changes"/>.</param>
    public double SizeOf(int change)
    {
        int at = Changes[change];
        int from = change == 0 ? 0 : Changes[change - 1];
        int to = change + 1 < Changes.Count ? Changes[change + 1] : Means.Count;
        return (Means.Skip(at).Take(to - at).Average(mean => mean.Mean) / Means.Skip(from).Take(at - from).Average(mean => mean.Mean)) - 1;
    }

    /// <summary>The trends of some metrics, for every series that has them at two labels or more.</summary>
    /// <param name="entries">Entries in the order of time; invalid runs are left out.</param>
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
                    trends.Add(new HistoryTrend(series.Key, metric, [.. points.Select(point => point.Label)], [.. points.Select(point => point.Mean)], ChangePoints.Of(values)));
                }
            }
        }

        return trends;
    }
}
