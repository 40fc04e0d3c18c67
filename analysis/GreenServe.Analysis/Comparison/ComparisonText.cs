using System.Globalization;
using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>Writes a comparison as Markdown, for a pull request or a terminal.</summary>
public static class ComparisonText
{
    private const double SmallestPValueShown = 0.0001;

    /// <summary>A verdict in words.</summary>
    /// <param name="verdict">The verdict.</param>
    public static string Of(ChangeVerdict verdict) => verdict switch
    {
        ChangeVerdict.Better => "better",
        ChangeVerdict.Same => "same",
        ChangeVerdict.Worse => "WORSE",
        _ => "cannot tell",
    };

    /// <summary>The whole comparison as Markdown. Metrics that got worse or better come first, and the others are folded away.</summary>
    /// <param name="report">The comparison.</param>
    public static string Markdown(ComparisonReport report)
    {
        StringBuilder text = new();
        text.Append("### GreenServe: ").Append(report.Summary).Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Evidence: {report.Evidence}. {report.Basis}\n");
        AppendList(text, "Lost", [.. report.Lost.Select(lost => lost.ToString())]);
        AppendList(text, "What differs", report.Differences);
        AppendList(text, "Notes", report.Notes);
        MetricChange[] notable = [.. Notable(report)];
        if (notable.Length > 0)
        {
            AppendTable(text.Append('\n'), notable);
        }

        MetricChange[] others = [.. report.Changes.Except(notable)];
        if (others.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n<details><summary>{others.Length} without a change that matters</summary>\n\n");
            AppendTable(text, others);
            text.Append("\n</details>\n");
        }

        return text.ToString();
    }

    /// <summary>The changes for the worse, then the changes for the better.</summary>
    /// <param name="report">The comparison.</param>
    public static IEnumerable<MetricChange> Notable(ComparisonReport report) => report.Changes
        .Where(change => change.Verdict is ChangeVerdict.Worse or ChangeVerdict.Better)
        .OrderByDescending(change => change.Verdict == ChangeVerdict.Worse);

    /// <summary>The verdict on a metric in words, with the number of repetitions that would decide an open one.</summary>
    /// <param name="change">The change of the metric.</param>
    public static string Verdict(MetricChange change) =>
        Of(change.Verdict) + (change.RepetitionsNeeded is { } needed ? $" (about {needed} repetitions would)" : "");

    /// <summary>A mean with its unit, times in milliseconds; empty where there is no mean.</summary>
    /// <param name="metric">The metric, which has the unit.</param>
    /// <param name="value">The mean in the metric's unit; <c>null</c> for none.</param>
    public static string Mean(MetricDefinition metric, double? value)
    {
        (double factor, string unit) = metric.Unit == "s" ? (1000, "ms") : (1, metric.Unit);
        return value is { } number ? $"{NumberText.Of(factor * number)} {unit}".TrimEnd() : "";
    }

    /// <summary>A p-value with four decimals; empty where there is none.</summary>
    /// <param name="value">The p-value; <c>null</c> for none.</param>
    public static string PValue(double? value) => value switch
    {
        null => "",
        < SmallestPValueShown => "< 0.0001",
        { } number => number.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>The effect with its interval, for example <c>+5.2 % [+4.1, +6.3]</c>, or the reason why there is no effect.</summary>
    /// <param name="change">The change of the metric.</param>
    public static string Effect(MetricChange change)
    {
        if (change.Effect is not { } effect)
        {
            return change.Reason ?? "";
        }

        string text = $"{Percent(effect)} {(change.Metric.IsAbsolute ? "pp" : "%")}";
        return change is { Low: { } low, High: { } high } ? $"{text} [{Percent(low)}, {Percent(high)}]" : text;
    }

    /// <summary>A change in percent with its sign, without the unit.</summary>
    internal static string Percent(double share) => (100 * share).ToString("+0.0#;-0.0#;0.0", CultureInfo.InvariantCulture);

    private static void AppendTable(StringBuilder text, IEnumerable<MetricChange> changes)
    {
        text.Append("| Metric | Point | Baseline | Candidate | Change | p | Verdict |\n|---|---|---:|---:|---:|---:|---|\n");
        foreach (MetricChange change in changes)
        {
            MetricDefinition metric = change.Metric.Metric;
            string[] cells =
            [
                MarkdownText.Escape(metric.Title), MarkdownText.Escape(change.Point),
                Mean(metric, change.Baseline), Mean(metric, change.Candidate),
                MarkdownText.Escape(Effect(change)), PValue(change.AdjustedPValue), Verdict(change),
            ];
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }
    }

    private static void AppendList(StringBuilder text, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            text.Append('\n').Append(title).Append(":\n");
            foreach (string line in lines)
            {
                text.Append("- ").Append(MarkdownText.Escape(line)).Append('\n');
            }
        }
    }
}
