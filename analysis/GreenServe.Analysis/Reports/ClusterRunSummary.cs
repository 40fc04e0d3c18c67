using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Reports;

/// <summary>The lines of a summary that only a run of a simulated cluster has.</summary>
internal static class ClusterRunSummary
{
    private static readonly (string Name, string Metric)[] Parts =
    [
        ("serving", "run_serving_joules_per_request"), ("idle", "run_idle_joules_per_request"),
        ("unused", "run_unused_joules_per_request"), ("transitions", "run_transition_joules_per_request"),
        ("asleep", "run_sleep_joules_per_request"),
    ];

    /// <summary>The lines of a run; none where no simulated cluster served.</summary>
    internal static IEnumerable<SummaryLine> Of(RunMetrics run)
    {
        if (run.Manifest.Policy is { } policy)
        {
            yield return new(
                SummaryGroup.Evidence, "policy", policy.Name, policy.KnowsFuture ? "an oracle: it read the requests before the run" : "");
        }

        if (run.Cluster is null)
        {
            yield break;
        }

        if (Read(run, "mean_gpus_on").Value is { } on)
        {
            string share = run.GpusUsed.Value is { } gpus ? FormattableString.Invariant($"of the {gpus:0} in the cluster file, mean") : "";
            yield return new(SummaryGroup.Evidence, "GPUs on", NumberText.Rounded(on), share);
        }

        Reading whole = Read(run, "run_joules_per_request");
        string value = whole.Value is { } joules
            ? BandText.With($"{NumberText.Rounded(joules)} J a request", MetricBands.JoulesPerToken(run))
            : whole.ToString();
        yield return new(SummaryGroup.Energy, "whole run", value, SharesOf(run, whole));
        if (Read(run, "run_host_joules_per_request").Value is { } hosts)
        {
            yield return new(
                SummaryGroup.Energy,
                "hosts",
                $"{NumberText.Rounded(hosts)} J a request",
                "not in the energy above, but in rows, emissions and cost");
        }

        if (Read(run, "co2e_grams_per_request").Value is { } grams)
        {
            double kilograms = run.Manifest.Counters[ClusterCounter.Co2eGrams.Name] / 1000;
            yield return new(
                SummaryGroup.Energy,
                "emissions",
                $"{NumberText.Rounded(grams)} gCO2e a request",
                $"{NumberText.Rounded(kilograms)} kg in all, by the signal of each site's grid");
        }

        if (Read(run, "row_peak_ratio").Value is { } ratio)
        {
            string over = $"over budget for {NumberText.Rounded(Read(run, "row_over_budget_seconds").Value ?? 0)} s";
            string peak = string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0 %} of the budget that held, at most");
            yield return new(SummaryGroup.Energy, "rows", peak, over);
        }

        if (run.Manifest.Policy is not null)
        {
            string[] counts =
            [
                Count(run, ClusterCounter.Actions, "actions"), Count(run, ClusterCounter.ActionsRefused, "refused"),
                Count(run, ClusterCounter.RequestsRejected, "requests rejected"),
                Count(run, ClusterCounter.RequestsDeferred, "requests deferred"),
            ];
            yield return new(SummaryGroup.Throughput, "decisions", string.Join(", ", counts.Where(count => count.Length > 0)), "");
        }
    }

    private static Reading Read(RunMetrics run, string metric) => MetricCatalog.Of(metric).Read(run);

    private static string SharesOf(RunMetrics run, Reading whole) => whole.Value is not > 0 ? "" : string.Join(", ", Parts
        .Select(part => (part.Name, Share: Read(run, part.Metric).Value / whole.Value))
        .Where(part => part.Share > 0)
        .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {part.Share:0.0 %}")));

    private static string Count(RunMetrics run, RunCounter counter, string words) =>
        run.Manifest.Counters.TryGetValue(counter.Name, out double count) && (count > 0 || counter == ClusterCounter.Actions)
            ? string.Create(CultureInfo.InvariantCulture, $"{count:0} {words}")
            : "";
}
