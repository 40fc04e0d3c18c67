using GreenServe.Analysis.Comparison;
using GreenServe.Cli.Terminal;

namespace GreenServe.Cli.Commands.Records;

/// <summary>A comparison on a terminal: first the answer, then the changes to look at, then the others.</summary>
internal static class CompareText
{
    internal static void Write(TextWriter output, ComparisonReport report)
    {
        output.WriteLine(TerminalTable.Clean(report.Summary));
        output.WriteLine(TerminalTable.Clean($"Evidence: {report.Evidence}. {report.Basis}"));
        WriteList(output, "Lost", [.. report.Lost.Select(lost => lost.ToString())]);
        WriteList(output, "What differs", report.Differences);
        WriteList(output, "Notes", report.Notes);
        MetricChange[] notable = [.. ComparisonText.Notable(report)];
        foreach (IGrouping<string, MetricChange> point in notable.Concat(report.Changes.Except(notable)).GroupBy(change => change.Point))
        {
            output.WriteLine();
            if (point.Key.Length > 0)
            {
                output.WriteLine(TerminalTable.Clean(point.Key));
            }

            TerminalTable.Write(
                output,
                ["Metric", ">Baseline", ">Candidate", ">Runs", "Change with 95 % interval", ">p, corrected", "Verdict"],
                point.Select(Row));
        }
    }

    private static string[] Row(MetricChange change) =>
    [
        change.Metric.Metric.Title,
        ComparisonText.Mean(change.Metric.Metric, change.Baseline),
        ComparisonText.Mean(change.Metric.Metric, change.Candidate),
        $"{change.Repetitions.Baseline}, {change.Repetitions.Candidate}",
        ComparisonText.Effect(change),
        ComparisonText.PValue(change.AdjustedPValue),
        ComparisonText.Verdict(change),
    ];

    private static void WriteList(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            output.WriteLine($"{title}:");
            foreach (string line in lines)
            {
                output.WriteLine($"- {TerminalTable.Clean(line)}");
            }
        }
    }
}
