using System.Text.RegularExpressions;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Artifacts;

/// <summary>What a reader who sees a figure alone must be told: what was asked, and what its abbreviations mean.</summary>
internal static partial class FigureNote
{
    // More names than this are counted instead of listed.
    private const int MaxNames = 3;

    private static readonly (string Short, string Long)[] Abbreviations =
    [
        ("TTFT", "time to the first token"), ("TBT", "time between tokens"), ("TPOT", "time per output token"),
        ("E2E", "time from sending a request to its last token"), ("SLO", "the latency limits of the workload"),
        ("TP", "tensor parallelism, the GPUs that share each layer"),
        ("p50", "median over requests"), ("p99", "99th percentile over requests"),
    ];

    /// <summary>The workload and the seeds of some runs, in a sentence.</summary>
    internal static string Workload(IReadOnlyList<ExperimentRun> runs)
    {
        string[] names = [.. runs.Select(run => run.Metrics.Manifest.WorkloadName).Distinct().Order(StringComparer.Ordinal)];
        string workload = names.Length > MaxNames ? $"{names.Length} workloads" : $"Workload {string.Join(", ", names)}";
        return $"{workload}; {Seeds(runs)}.";
    }

    /// <summary>The abbreviations that panels show, with what they mean; empty where they show none.</summary>
    /// <param name="panels">The panels.</param>
    /// <param name="runs">The runs behind them, which say where request classes begin.</param>
    internal static string Glossary(IReadOnlyList<Panel> panels, IReadOnlyList<ExperimentRun> runs)
    {
        HashSet<string> words = [.. panels.SelectMany(TextsOf).SelectMany(text => Word().Matches(text)).Select(match => match.Value)];
        IEnumerable<string> used = Abbreviations.Where(one => words.Contains(one.Short)).Select(one => $"{one.Short}: {one.Long}");
        string text = string.Join("; ", used);
        return string.Join(' ', new[] { text.Length > 0 ? $"{text}." : "", Classes(panels, runs) }.Where(part => part.Length > 0));
    }

    /// <summary>Names the bar panels whose bars all have the height 0, which are not drawn; empty where there are none.</summary>
    internal static string Zeros(IEnumerable<Panel> panels)
    {
        string[] titles = [.. panels.OfType<BarPanel>().Where(panel => panel.IsZero).Select(panel => panel.Title)];
        return titles.Length == 0 ? "" : $"Not drawn because it is 0 everywhere: {string.Join("; ", titles)}.";
    }

    private static string Seeds(IReadOnlyList<ExperimentRun> runs)
    {
        ulong[] seeds = [.. runs.Select(run => run.Metrics.Manifest.Seed).Distinct().Order()];
        bool isRange = seeds.Length > MaxNames && seeds[^1] - seeds[0] == (ulong)(seeds.Length - 1);
        return seeds.Length == 1 ? $"seed {seeds[0]}"
            : isRange ? $"seeds {seeds[0]} to {seeds[^1]}"
            : seeds.Length > MaxNames ? $"{seeds.Length} seeds"
            : $"seeds {string.Join(", ", seeds)}";
    }

    private static string Classes(IReadOnlyList<Panel> panels, IReadOnlyList<ExperimentRun> runs)
    {
        string[] names = [.. RequestClass.All.Select(one => one.Name)];
        bool shows = panels.SelectMany(panel => new[] { panel.X, panel.Y }).Select(axis => axis.Categories)
            .Any(categories => categories.Count > 1 && categories.All(names.Contains));
        RequestClassCuts[] cuts = [.. runs.Select(run => run.Metrics.Manifest.Classes).Distinct()];
        return !shows ? ""
            : "Request classes: the first letter is the input, the second the output, S short, M medium, L long"
                + (cuts.Length == 1 ? $" {Bounds(cuts[0])}." : ".");
    }

    private static string Bounds(RequestClassCuts cuts) =>
        $"(input from {cuts.MediumInputTokens} and from {cuts.LongInputTokens} tokens on, output from {cuts.MediumOutputTokens} and from "
        + $"{cuts.LongOutputTokens})";

    private static IEnumerable<string> TextsOf(Panel panel) =>
    [
        panel.Title, panel.X.Label, panel.Y.Label,
        .. panel switch
        {
            LinePanel lines => lines.Series.Select(series => series.Name).Concat(lines.Series.SelectMany(series => series.Points)
                .Select(point => point.Label).OfType<string>()),
            BarPanel bars => bars.Series.Select(series => series.Name),
            HeatPanel heat => [.. heat.Groups.Select(group => group.Name), heat.ColorLabel, heat.CrossLabel],
            _ => Enumerable.Empty<string>(),
        },
    ];

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
