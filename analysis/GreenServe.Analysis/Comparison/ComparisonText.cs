using System.Globalization;
using System.Text;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>A comparison as Markdown, for a pull request or a terminal.</summary>
public static class ComparisonText
{
    /// <summary>Words of a verdict.</summary>
    public static string Of(ChangeVerdict verdict) => verdict switch
    {
        ChangeVerdict.Better => "better",
        ChangeVerdict.Same => "same",
        ChangeVerdict.Worse => "WORSE",
        _ => "cannot tell",
    };

    /// <summary>The whole comparison; rows that ask for attention first.</summary>
    public static string Markdown(ComparisonReport report)
    {
        StringBuilder text = new();
        text.Append("### GreenServe: ").Append(report.Summary).Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Evidence: {report.Evidence}. {report.Basis}\n");
        AppendList(text, "Lost every valid run", report.LostPoints);
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

    /// <summary>What got worse, then what got better.</summary>
    public static IEnumerable<MetricChange> Notable(ComparisonReport report) => report.Changes
        .Where(change => change.Verdict is ChangeVerdict.Worse or ChangeVerdict.Better).OrderByDescending(change => change.Verdict == ChangeVerdict.Worse);

    /// <summary>A verdict in words, and how many repetitions would tell where it is open.</summary>
    public static string Verdict(MetricChange change) =>
        Of(change.Verdict) + (change.RepetitionsNeeded is { } needed ? $" (about {needed} repetitions would)" : "");

    /// <summary>A mean with its unit; times in milliseconds; empty where there is none.</summary>
    public static string Mean(MetricDefinition metric, double? value)
    {
        (double factor, string unit) = metric.Unit == "s" ? (1000, "ms") : (1, metric.Unit);
        return value is { } number ? $"{NumberText.Of(factor * number)} {unit}".TrimEnd() : "";
    }

    /// <summary>A p-value; empty where there is none.</summary>
    public static string PValue(double? value) => value switch
    {
        null => "",
        < 0.0001 => "< 0.0001",
        { } number => number.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>The effect with its interval, for example <c>+5.2 % [+4.1, +6.3]</c>; why there is none otherwise.</summary>
    public static string Effect(MetricChange change)
    {
        if (change.Effect is not { } effect)
        {
            return change.Reason ?? "";
        }

        string unit = change.Metric.IsAbsolute ? "pp" : "%";
        if (change.Low is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{100 * effect:+0.0#;-0.0#;0.0} {unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{100 * effect:+0.0#;-0.0#;0.0} {unit} [{100 * change.Low:+0.0#;-0.0#;0.0}, {100 * change.High:+0.0#;-0.0#;0.0}]");
    }

    private static void AppendTable(StringBuilder text, IEnumerable<MetricChange> changes)
    {
        text.Append("| Metric | Point | Baseline | Candidate | Change | p | Verdict |\n|---|---|---:|---:|---:|---:|---|\n");
        foreach (MetricChange change in changes)
        {
            text.Append("| ").Append(MarkdownText.Escape(change.Metric.Metric.Title)).Append(" | ").Append(MarkdownText.Escape(change.Point))
                .Append(" | ").Append(Mean(change.Metric.Metric, change.Baseline)).Append(" | ").Append(Mean(change.Metric.Metric, change.Candidate))
                .Append(" | ").Append(MarkdownText.Escape(Effect(change))).Append(" | ").Append(PValue(change.AdjustedPValue))
                .Append(" | ").Append(Verdict(change)).Append(" |\n");
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
