using System.Globalization;
using System.Text;
using GreenServe.Records;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>Writes the measurements into the page of the suite's own performance, between two markers.</summary>
internal static class PerformancePage
{
    private const string Begin = "<!-- Written by the benchmark from performance.json, do not edit. -->";
    private const string End = "<!-- The end of what the benchmark writes. -->";

    /// <summary>The page with the text between its markers replaced.</summary>
    /// <param name="page">The page as it was.</param>
    /// <param name="file">The measurements.</param>
    /// <exception cref="InvalidInputException">The page has no markers.</exception>
    internal static string Fill(string page, PerformanceFile file)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{page[..begin]}{Begin}\n\n{TextOf(file)}\n{page[end..]}"
            : throw new InvalidInputException(new Problem("performance page", "a page without both markers", $"{Begin} and {End}"));
    }

    private static string TextOf(PerformanceFile file)
    {
        if (file.Measurements.Count == 0)
        {
            return "Nothing has been measured.\n";
        }

        StringBuilder text = new();
        AddGoals(text, file.Measurements);
        AddCosts(text, file.Measurements);
        AddGrowth(text, file.Measurements[^1]);
        AddMachines(text, file.Measurements);
        return text.ToString();
    }

    private static void AddGoals(StringBuilder text, IReadOnlyList<PerformanceMeasurement> measurements)
    {
        PerformanceMeasurement first = measurements[0];
        PerformanceMeasurement last = measurements[^1];
        text.Append("## Goals\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| Goal | Wanted | {string.Join(" | ", measurements.Select(at => at.Label))} ");
        text.Append(CultureInfo.InvariantCulture, $"| Share of {first.Label}: wanted, found | |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---|{string.Concat(measurements.Select(_ => "---|"))}---|---|\n");
        foreach (PerformanceGoal goal in PerformanceGoal.All)
        {
            IEnumerable<string> found = measurements.Select(at => PerformanceText.Of(goal.CostIn(at), goal.Kind));
            double? wantedShare = goal.Wanted / goal.Origin;
            double? foundShare = goal.ShareOf(last, first);
            text.Append(CultureInfo.InvariantCulture, $"| {PerformanceText.Name(goal.Command, goal.Requests)}, {EnumTextOf(goal.Kind)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {PerformanceText.Of(goal.Wanted, goal.Kind)} | {string.Join(" | ", found)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {PerformanceText.Percent(wantedShare)}, {PerformanceText.Percent(foundShare)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {Outcome(goal, goal.CostIn(last), wantedShare, foundShare)} |\n");
        }

        text.Append('\n');
    }

    private static string Outcome(PerformanceGoal goal, double? cost, double? wantedShare, double? foundShare)
    {
        if (cost is null)
        {
            return "not measured";
        }

        if (cost <= goal.Wanted)
        {
            return "reached";
        }

        string missed = string.Create(CultureInfo.InvariantCulture, $"**missed**: {cost / goal.Wanted:F1} times what is wanted");
        return goal.Kind == CostKind.Time && foundShare <= wantedShare ? $"{missed}; as a share reached" : missed;
    }

    private static void AddCosts(StringBuilder text, IReadOnlyList<PerformanceMeasurement> measurements)
    {
        text.Append("## Every command\n\n");
        text.Append("| Command | Version | Wall time | User time | System time | Processor time / reference | Peak memory | Files |\n");
        text.Append("|---|---|---|---|---|---|---|---|\n");
        PerformanceMeasurement last = measurements[^1];
        foreach (CommandCost cost in last.Costs.Where(cost => cost.Requests is null || cost.Requests == last.Requests))
        {
            foreach (PerformanceMeasurement at in measurements.Reverse())
            {
                if (at.Find(cost.Command, cost.Requests is null ? null : at.Requests) is { } found)
                {
                    text.Append(CultureInfo.InvariantCulture, $"| {PerformanceText.Name(found.Command, found.Requests)} | {at.Label} ");
                    text.Append(PerformanceText.Row(found));
                }
            }
        }

        text.Append('\n');
    }

    private static void AddGrowth(StringBuilder text, PerformanceMeasurement last)
    {
        int[] sizes = [.. last.Costs.Select(cost => cost.Requests).OfType<int>().Distinct().Order()];
        text.Append("## Growth\n\nUser time and peak memory, and the exponents of both with 95 % intervals.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| Command | {string.Join(" | ", sizes.Select(PerformanceText.Count))} ");
        text.Append("| Exponent of time | Exponent of memory |\n|---|");
        text.Append(string.Concat(sizes.Select(_ => "---|"))).Append("---|---|\n");
        foreach (string command in CommandPlan.Growing)
        {
            CommandCost?[] costs = [.. sizes.Select(size => last.Find(command, size))];
            IEnumerable<string> cells = costs.Select(PerformanceText.TimeAndMemory);
            string time = PerformanceText.Of(Fit(costs, cost => cost.UserSeconds));
            string memory = PerformanceText.Of(Fit(costs, cost => cost.PeakBytes));
            text.Append(CultureInfo.InvariantCulture, $"| `{command}` | {string.Join(" | ", cells)} | {time} | {memory} |\n");
        }

        text.Append('\n');
    }

    private static GrowthFit? Fit(IEnumerable<CommandCost?> costs, Func<CommandCost, double?> cost) => GrowthFit.Of(
        [.. costs.OfType<CommandCost>().Where(at => cost(at) > 0).Select(at => (at.Requests!.Value, cost(at)!.Value))]);

    private static void AddMachines(StringBuilder text, IEnumerable<PerformanceMeasurement> measurements)
    {
        text.Append("## Machines\n\n");
        text.Append("| Version | Commit | Date | Machine | Reference program | Repetitions |\n|---|---|---|---|---|---|\n");
        foreach (PerformanceMeasurement at in measurements)
        {
            double[] references = [.. at.Costs.Select(cost => cost.ReferenceSeconds).Order()];
            int[] repetitions = [.. at.Costs.Select(cost => cost.Repetitions).Order()];
            text.Append(CultureInfo.InvariantCulture, $"| {at.Label} | {at.Commit?[..8] ?? "not known"} | {at.Date} | {at.Host} ");
            text.Append(CultureInfo.InvariantCulture, $"| {references[0]:F2} to {references[^1]:F2} s ");
            text.Append(CultureInfo.InvariantCulture, $"| {repetitions[0]} to {repetitions[^1]} |\n");
        }
    }

    private static string EnumTextOf(CostKind kind) => kind switch
    {
        CostKind.Time => "time",
        CostKind.Memory => "memory",
        _ => "files",
    };
}
