using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Reports;

/// <summary>What is printed after a single run.</summary>
public static class RunSummary
{
    /// <summary>The lines, most important first.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunRecord record)
    {
        RunMetrics run = RunMetrics.Of(record);
        return run.Window is { } window ? [.. Of(run), .. Phases(PhaseSplit.Of(record, window))] : Of(run);
    }

    /// <summary>The lines, most important first.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunMetrics run)
    {
        RunEnergy energy = run.Energy;
        List<SummaryLine> lines =
        [
            new("verdict", new RunVerdict([.. run.Reasons]).ToString(), $"{EnumText.Of(run.Manifest.Evidence)} evidence"),
            new("requests", $"{run.Counts.Completed} of {run.Counts.Total} completed", Failures(run)),
            new("window", run.Window is { } window ? $"{NumberText.Of(window.LengthSeconds)} s" : "none", run.Window?.Rule ?? run.NoWindowReason ?? ""),
            Latency("TTFT", run.Latencies.Ttft, "no completed request"),
            Latency("TBT", run.Latencies.Tbt, "token gaps were not kept"),
            Latency("E2E", run.Latencies.E2e, "no completed request"),
            Number("output", run.OutputTokensPerSecond, "tokens/s", ""),
            Number("requests", run.RequestsPerSecond, "requests/s", ""),
            Number("mean power", energy.MeanWatts, "W", energy.Source is { } source ? $"{EnumText.Of(energy.Scope!.Value)} scope, {EnumText.Of(source)}" : ""),
            Number("peak power", energy.PeakWatts, "W", energy.PeakBasis ?? ""),
            Number("energy per request", run.JoulesPerRequest, "J", ""),
            Number("energy per output token", run.JoulesPerOutputToken, "J", ""),
            Number("above loaded-idle", energy.DynamicJoules, "J", "in the window"),
        ];
        if (run.Slo is { } slo)
        {
            string feasible = slo.IsFeasible switch { true => "met", false => "NOT met", null => "cannot tell" };
            lines.Add(new("SLO", $"{slo.Profile}: {feasible}", slo.Attainment.Value is { } share ? $"{share:0.0 %} of requests within it" : $"{slo.Attainment}"));
            lines.Add(Number("goodput", slo.Goodput, "requests/s", ""));
        }

        return lines;
    }

    private static IEnumerable<SummaryLine> Phases(PhaseEnergySplit split)
    {
        string note = split.RSquared is { } share ? FormattableString.Invariant($"{split.Method}, R² {share:0.000}") : split.Method;
        yield return Phase("energy per prompt token", split.JoulesPerPrefillToken, split.NotMeasured ?? "no prompt token in the window", note);
        yield return Phase("energy per decoded token", split.JoulesPerDecodeToken, split.NotMeasured ?? "no decoded token in the window", note);
    }

    private static SummaryLine Phase(string name, ErrorBounded? joules, string whyNot, string note) => joules is { } known
        ? new(name, $"{NumberText.Of(known.Value)} J", known.Error > 0 ? $"± {NumberText.Of(known.Error)} J; {note}" : note)
        : new(name, $"not measured: {whyNot}", "");

    private static string Failures(RunMetrics run) =>
        string.Join(", ", run.Counts.NotCompleted.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {EnumText.Of(pair.Key)}"));

    private static SummaryLine Latency(string name, LatencySummary? summary, string whyNot) => summary is null
        ? new(name, $"not measured: {whyNot}", "")
        : new(name, $"{Milliseconds(summary.P50Seconds)} p50, {Milliseconds(summary.P99Seconds)} p99", $"mean {Milliseconds(summary.MeanSeconds)}");

    private static SummaryLine Number(string name, Reading reading, string unit, string note) => reading.Value is { } value
        ? new(name, $"{NumberText.Of(value)} {unit}", reading.ErrorBound is { } error ? $"± {NumberText.Of(error)} {unit}; {note}".TrimEnd(' ', ';') : note)
        : new(name, reading.ToString(), "");

    private static string Milliseconds(double seconds) => seconds < 10 ? $"{NumberText.Short(seconds * 1000)} ms" : $"{NumberText.Short(seconds)} s";
}
