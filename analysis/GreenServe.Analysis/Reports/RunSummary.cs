using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Reports;

/// <summary>A line of a run's summary.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with unit, or why it was not measured.</param>
/// <param name="Note">How it came to be; empty for nothing.</param>
public sealed record SummaryLine(string Name, string Value, string Note);

/// <summary>Makes the summary of a single run, line by line.</summary>
public static class RunSummary
{
    // Latencies below this are read in milliseconds.
    private const double MaxSecondsInMilliseconds = 10;

    private const string Estimated = "estimated by a power model";

    /// <summary>The lines of a record, most important first, with the energy of its phases where it has a steady window.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunRecord record)
    {
        RunMetrics run = RunMetrics.Of(record);
        return run.Window is { } window ? [.. Of(run), .. Phases(PhaseSplit.Of(record, window, run.Steps), EstimatedOrNone(run))] : Of(run);
    }

    /// <summary>The lines of a run's metrics, most important first.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunMetrics run)
    {
        RunEnergy energy = run.Energy;
        string estimated = EstimatedOrNone(run);
        List<SummaryLine> lines =
        [
            new("evidence", EnumText.Of(run.Manifest.Evidence), ServedBy(run.Manifest)),
            new("verdict", new RunVerdict([.. run.Reasons]).ToString(), ""),
            new("requests", $"{run.Counts.Completed} of {run.Counts.Total} completed", Sample(run)),
            run.Window is { } window
                ? new("window", $"{NumberText.Of(window.LengthSeconds)} s", window.Rule)
                : new("window", "none", run.NoWindowReason ?? ""),
            Latency(
                "TTFT",
                run.Latencies.Ttft,
                run.Counts.Completed == 0 ? "no completed request" : "it is not known which chunks brought the first tokens"),
            Latency("TBT", run.Latencies.Tbt, "token gaps were not kept"),
            Latency("E2E", run.Latencies.E2e, "no completed request"),
            Number("output", run.OutputTokensPerSecond, "tokens/s", ""),
            Number("requests", run.RequestsPerSecond, "requests/s", "each counted by its share in the window"),
            Number("mean power", energy.MeanWatts, "W", ScopeOf(energy)),
            Number("peak power", energy.PeakWatts, "W", Joined(estimated, energy.PeakBasis)),
            Number("energy per request", run.JoulesPerRequest, "J", estimated),
            Number("energy per output token", run.JoulesPerOutputToken, "J", estimated),
            Number("above loaded-idle", energy.DynamicJoules, "J", Joined(estimated, "in the window")),
        ];
        if (run.Slo is { } slo)
        {
            string feasible = slo.IsFeasible switch { true => "met", false => "NOT met", null => "cannot tell" };
            string attainment = slo.Attainment.Value is { } share ? $"{share:0.0 %} of requests within it" : $"{slo.Attainment}";
            lines.Add(new("SLO", $"{slo.Profile}: {feasible}", attainment));
            lines.Add(Number("goodput", slo.Goodput, "requests/s", ""));
        }

        lines.AddRange(run.Manifest.Notes.Select(note => new SummaryLine("note", note, "")));
        return lines;
    }

    private static string EstimatedOrNone(RunMetrics run) => run.Manifest.Evidence == EvidenceKind.Estimated ? Estimated : "";

    private static IEnumerable<SummaryLine> Phases(PhaseEnergySplit split, string estimated)
    {
        string fitted = split.RSquared is { } share ? FormattableString.Invariant($"{split.Method}, R² {share:0.000}") : split.Method;
        string note = Joined(estimated, fitted);
        string prompts = split.NotMeasured ?? "no prompt token in the window";
        string decoded = split.NotMeasured ?? "no decoded token in the window";
        yield return Phase("energy per prompt token", split.JoulesPerPrefillToken, prompts, note);
        yield return Phase("energy per decoded token", split.JoulesPerDecodeToken, decoded, note);
    }

    private static SummaryLine Phase(string name, ErrorBounded? joules, string notMeasuredReason, string note) => joules is { } known
        ? new(name, $"{NumberText.Of(known.Value)} J", known.Error > 0 ? $"± {NumberText.Of(known.Error)} J; {note}" : note)
        : new(name, $"not measured: {notMeasuredReason}", "");

    /// <summary>What served, in words.</summary>
    private static string ServedBy(RunManifest manifest)
    {
        string server = manifest.Environment.Server is { } named ? $"{RecordedBackend.NameOf(manifest.Backend)}: {named}"
            : manifest.System is { } system ? $"{system.GpuCount} x {system.Gpu}, {system.Engine}"
            : RecordedBackend.NameOf(manifest.Backend);
        return manifest.Evidence == EvidenceKind.Simulated ? $"no hardware was measured; {server}" : server;
    }

    private static string Sample(RunMetrics run)
    {
        IEnumerable<string> failures =
            run.Counts.NotCompleted.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {EnumText.Of(pair.Key)}");
        return string.Join(", ", failures.Prepend(run.SampleRule));
    }

    private static SummaryLine Latency(string name, LatencySummary? summary, string notMeasuredReason) => summary is null
        ? new(name, $"not measured: {notMeasuredReason}", "")
        : new(
            name,
            $"{Milliseconds(summary.P50Seconds)} p50, {Milliseconds(summary.P99Seconds)} p99",
            $"mean {Milliseconds(summary.MeanSeconds)}");

    private static SummaryLine Number(string name, Reading reading, string unit, string note)
    {
        if (reading.Value is not { } value)
        {
            return new(name, reading.ToString(), "");
        }

        string error = reading.ErrorBound is { } bound and > 0 ? $"± {NumberText.Of(bound)} {unit}" : "";
        return new(name, $"{NumberText.Of(value)} {unit}", Joined(error, note));
    }

    private static string Joined(params string?[] parts) => string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string ScopeOf(RunEnergy energy) =>
        energy is { Source: { } source, Scope: { } scope } ? $"{EnumText.Of(scope)} scope, {SourceOf(energy, source)}" : "";

    // The source of a simulated run is its steps, and the evidence kind says that they are simulated.
    private static string SourceOf(RunEnergy energy, EnergySource source) =>
        energy.IsEstimated && source != EnergySource.Steps ? Estimated : EnumText.Of(source);

    private static string Milliseconds(double seconds) => seconds < MaxSecondsInMilliseconds
        ? $"{NumberText.Short(seconds * 1000)} ms"
        : $"{NumberText.Short(seconds)} s";
}
