using System.Globalization;
using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Statistics;
using GreenServe.Cli.Terminal;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Records;

/// <summary>A history on a terminal: a table of trends for each series.</summary>
internal static class HistoryText
{
    /// <summary>Number of labels in the sparkline of a trend. Longer ones would widen the table beyond usual terminals.</summary>
    private const int LabelsDrawn = 40;

    /// <summary>Number of series that the last line names, so that it stays readable.</summary>
    private const int SeriesNamed = 3;

    internal static void Write(TextWriter output, string path, HistoryContent content, IReadOnlyList<HistoryTrend> trends)
    {
        int invalid = content.Entries.Count(entry => !entry.IsValid);
        int labels = content.Entries.Select(entry => entry.Label).Distinct().Count();
        string left = invalid > 0 ? $", {invalid} of them INVALID and left out" : "";
        output.WriteLine($"{path}: {content.Entries.Count} runs of {labels} labels{left}; {content.Skipped.Count} lines skipped");
        foreach (Problem problem in content.Skipped)
        {
            output.WriteLine(TerminalTable.Clean($"  {problem}"));
        }

        string[] single = [.. content.Entries
            .Where(entry => entry.IsValid)
            .Select(entry => entry.Series)
            .Distinct()
            .Except(trends.Select(trend => trend.Series))];
        foreach (IGrouping<string, HistoryTrend> series in trends.GroupBy(trend => trend.Series))
        {
            output.WriteLine();
            output.WriteLine(TerminalTable.Clean(series.Key));
            TerminalTable.Write(
                output,
                ["Metric", ">First", ">Latest", "Course", ">Drift per label", "Changes of level"],
                series.Select(Row));
            if (series.Max(trend => trend.Labels.Count) is < HistoryTrend.MinLabels and int count)
            {
                output.WriteLine(
                    $"{count} labels: too few to find a change of level; {HistoryTrend.MinLabels} are needed. "
                    + "'greenserve compare' compares two labels by their repetitions.");
            }
        }

        if (single.Length > 0)
        {
            string names = TerminalTable.Clean(string.Join("; ", single.Take(SeriesNamed)));
            string more = single.Length > SeriesNamed ? "; ..." : "";
            output.WriteLine();
            output.WriteLine($"{single.Length} series with one label, so without a trend: {names}{more}");
        }
    }

    private static string[] Row(HistoryTrend trend) =>
    [
        trend.Metric.Title,
        Value(trend.Means[0], trend.Metric.Unit),
        Value(trend.Means[^1], trend.Metric.Unit),
        TerminalSparkline.Of([.. trend.Means.TakeLast(LabelsDrawn).Select(mean => mean.Mean)]),
        trend.Drift is { } drift
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * drift.PerLabel:+0.00;-0.00;0.00} ± {100 * drift.HalfWidth:0.00} %")
            : "cannot tell",
        trend.Changes.Count == 0 ? "none found" : string.Join(", ", trend.Changes.Select((at, change) => Change(trend, at, change))),
    ];

    private static string Change(HistoryTrend trend, int at, int change)
    {
        string verdict = trend.IsWorse(change) switch { true => ", worse", false => ", better", null => "" };
        return string.Create(CultureInfo.InvariantCulture, $"{trend.Labels[at]}: {100 * trend.ChangeRatio(change):+0.0;-0.0} %{verdict}");
    }

    private static string Value(MeanInterval mean, string unit)
    {
        (double factor, string shown) = unit == "s" ? (1000, "ms") : (1, unit);
        string number = mean.HalfWidth is { } half
            ? NumberText.WithError(factor * mean.Mean, factor * half)
            : NumberText.Of(factor * mean.Mean);
        return $"{number} {shown}".TrimEnd();
    }
}
