using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;

namespace GreenServe.Analysis.History;

/// <summary>One metric of one series over the labels of a history, with the places where its level changed.</summary>
/// <param name="Series">The series.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Labels">The labels in the order of time.</param>
/// <param name="Means">Mean and interval at each label, between its repetitions.</param>
/// <param name="Changes">Indices at which a new level begins.</param>
public sealed record HistoryTrend(
    string Series, MetricDefinition Metric, IReadOnlyList<string> Labels, IReadOnlyList<MeanInterval> Means, IReadOnlyList<int> Changes)
{
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
