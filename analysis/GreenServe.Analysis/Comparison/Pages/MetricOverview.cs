using System.Text;
using GreenServe.Analysis.Reports;

namespace GreenServe.Analysis.Comparison.Pages;

/// <summary>How each metric changed over all points: the first table of a comparison.</summary>
internal static class MetricOverview
{
    /// <summary>Appends the table: a line a metric, a column for each set but the baseline.</summary>
    internal static void Append(StringBuilder page, IReadOnlyList<ComparedSet> sets)
    {
        GatedMetric[] metrics = [.. sets.Skip(1).SelectMany(set => set.Report!.Changes).Select(change => change.Metric).Distinct()];
        new HtmlGrid<GatedMetric>(
        [
            ("Metric", metric => new HtmlCell(metric.Metric.Title)),
            .. sets.Skip(1).Select<ComparedSet, (string, Func<GatedMetric, HtmlCell>)>(set => (
                $"Change in {set.Name}", metric => CellOf([.. set.Report!.Changes.Where(change => change.Metric == metric)]))),
        ]).Append(page, "table-overview", $"Change against {sets[0].Name}, over all common points", metrics);
    }

    /// <summary>The range of the changes, and how many points have which verdict.</summary>
    internal static HtmlCell CellOf(IReadOnlyList<MetricChange> changes)
    {
        MetricChange[] told = [.. changes.Where(change => change.Effect is not null).OrderBy(change => change.Effect)];
        string verdicts = string.Join(", ", changes.GroupBy(change => change.Verdict).OrderBy(group => group.Key)
            .Select(group => changes.Count == 1 ? ComparisonText.Of(group.Key) : $"{group.Count()} {ComparisonText.Of(group.Key)}"));
        if (told.Length == 0)
        {
            return new HtmlCell(changes.Count == 0 ? "not measured" : changes[0].Reason ?? "not known") { IsAbsent = true };
        }

        string unit = told[0].Metric.IsAbsolute ? "pp" : "%";
        (string low, string high) = (ComparisonText.Percent(told[0].Effect!.Value), ComparisonText.Percent(told[^1].Effect!.Value));
        return new HtmlCell(low == high ? $"{low} {unit}" : $"{low} to {high} {unit}")
        {
            Value = told[told.Length / 2].Effect,
            Note = verdicts,
            Style = changes.Any(change => change.Verdict == ChangeVerdict.Worse) ? "fail"
                : changes.Any(change => change.Verdict == ChangeVerdict.Better) ? "pass"
                : null,
        };
    }
}
