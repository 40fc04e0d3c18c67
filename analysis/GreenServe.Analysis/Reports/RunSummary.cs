using GreenServe.Analysis.Attribution;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Reports;

/// <summary>A line of a run's summary.</summary>
/// <param name="Group">What the line is about.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with unit, or why it was not measured.</param>
/// <param name="Note">How it came to be; empty for nothing.</param>
public sealed record SummaryLine(SummaryGroup Group, string Name, string Value, string Note);

/// <summary>The groups of a summary, in their order.</summary>
public enum SummaryGroup
{
    /// <summary>Whether the numbers are simulated, measured or estimated, and of what.</summary>
    Evidence,

    /// <summary>Joules and watts.</summary>
    Energy,

    /// <summary>The times that users wait.</summary>
    Latency,

    /// <summary>Tokens and requests per second.</summary>
    Throughput,

    /// <summary>The SLO, and whether the run counts.</summary>
    Verdict,
}

/// <summary>Makes the summary of a single run, line by line.</summary>
/// <remarks>A number has as many digits as its error allows: two of the error, or three in all where no error is stated.</remarks>
public static class RunSummary
{
    // Latencies below this are read in milliseconds.
    private const double MaxSecondsInMilliseconds = 10;

    private const string Estimated = "estimated by a power model";

    private const string CountedAsEvents = "counted as events, which may hold several tokens";

    /// <summary>The lines of a record, most important first, with the energy of its phases where it has a steady window.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunRecord record)
    {
        RunMetrics run = RunMetrics.Of(record);
        IEnumerable<SummaryLine> phases = run is { Window: { } window, Energy.Joules.Value: not null }
            ? Phases(PhaseSplit.Of(record, window, run.Steps), EstimatedOrNone(run))
            : [];
        return [.. Of(run).Concat(phases).Concat(EndpointSummary.Of(record)).OrderBy(line => line.Group)];
    }

    /// <summary>The lines of a run's metrics, most important first.</summary>
    public static IReadOnlyList<SummaryLine> Of(RunMetrics run) =>
    [
        new(SummaryGroup.Evidence, "evidence", EnumText.Of(run.Manifest.Evidence), ServedBy(run.Manifest)),
        .. EnergyOf(run),
        .. LatencyOf(run),
        .. ThroughputOf(run),
        .. VerdictOf(run),
        .. BandsOf(run),
        .. ClusterRunSummary.Of(run),
    ];

    private static IEnumerable<SummaryLine> EnergyOf(RunMetrics run)
    {
        RunEnergy energy = run.Energy;
        string estimated = EstimatedOrNone(run);
        if (energy.Joules.Value is null)
        {
            yield return new(SummaryGroup.Energy, "energy", energy.Joules.ToString(), "");
            yield break;
        }

        yield return Number(
            SummaryGroup.Energy, "energy per output token", run.JoulesPerOutputToken, "J", estimated, MetricBands.JoulesPerToken(run));
        if (EventsOf(run) is { } events)
        {
            Reading perEvent = energy.Joules.DividedBy(events, "no event came in the window");
            yield return Number(SummaryGroup.Energy, "energy per event", perEvent, "J", Joined(estimated, CountedAsEvents));
        }

        yield return Number(
            SummaryGroup.Energy, "energy per request", run.JoulesPerRequest, "J", estimated, MetricBands.JoulesPerToken(run));
        yield return Number(SummaryGroup.Energy, "mean power", energy.MeanWatts, "W", ScopeOf(run), MetricBands.Watts(run));
        yield return Number(SummaryGroup.Energy, "peak power", energy.PeakWatts, "W", Joined(estimated, energy.PeakBasis));
        yield return Number(SummaryGroup.Energy, "above loaded-idle", energy.DynamicJoules, "J", Joined(estimated, "in the window"));
        if (MetricCatalog.Of("static_energy_ratio").Read(run).Value is { } share)
        {
            string percent = FormattableString.Invariant($"{share:0 %}");
            yield return new(SummaryGroup.Energy, "idle share", percent, "of the energy would flow without requests");
        }
    }

    private static IEnumerable<SummaryLine> LatencyOf(RunMetrics run)
    {
        yield return Latency(
            "TTFT",
            run.Latencies.Ttft,
            run.Counts.Completed == 0 ? "no completed request" : "it is not known which chunks brought the first tokens",
            MetricBands.Ttft(run));
        yield return Latency("TBT", run.Latencies.Tbt, "token gaps were not kept", MetricBands.Tbt(run));
        yield return Latency("E2E", run.Latencies.E2e, "no completed request", MetricBands.E2e(run));
    }

    private static IEnumerable<SummaryLine> ThroughputOf(RunMetrics run)
    {
        yield return EventsOf(run) is { } events && run.Window is { LengthSeconds: var seconds }
            ? Number(SummaryGroup.Throughput, "output", Reading.Of(events / seconds), "events/s", CountedAsEvents)
            : Number(SummaryGroup.Throughput, "output", run.OutputTokensPerSecond, "tokens/s", "", MetricBands.Throughput(run));
        yield return Number(
            SummaryGroup.Throughput,
            "served",
            run.RequestsPerSecond,
            "requests/s",
            "each request by its share in the window",
            MetricBands.Throughput(run));
        if (run.Slo is { } slo)
        {
            yield return Number(SummaryGroup.Throughput, "goodput", slo.Goodput, "requests/s", "within the SLO");
        }

        yield return new(
            SummaryGroup.Throughput, "requests", $"{run.Counts.Completed} of {run.Counts.Total} completed", Sample(run));
        yield return run.Window is { } window
            ? new(SummaryGroup.Throughput, "window", $"{NumberText.Rounded(window.LengthSeconds)} s", window.Rule)
            : new(SummaryGroup.Throughput, "window", "none", run.NoWindowReason ?? "");
    }

    private static IEnumerable<SummaryLine> VerdictOf(RunMetrics run)
    {
        if (run.Slo is { } slo)
        {
            string feasible = slo.IsFeasible switch { true => "met", false => "NOT met", null => "cannot tell" };
            string attainment = slo.Attainment.Value is { } share ? $"{share:0.0 %} of requests within it" : $"{slo.Attainment}";
            yield return new(SummaryGroup.Verdict, "SLO", $"{slo.Profile}: {feasible}", attainment);
            IEnumerable<SloLimitResult> tested = slo.Limits.Where(limit => limit.Ratio is not null);
            if (tested.Any() && TailText.Warning(tested.Min(limit => run.RequestsBehind(limit.Limit))) is { } warning)
            {
                yield return new(SummaryGroup.Verdict, "tail", warning, "");
            }
        }

        yield return new(SummaryGroup.Verdict, "verdict", new RunVerdict([.. run.Reasons]).ToString(), "");
        if (run.Manifest.HostScaling is { } scaling)
        {
            yield return new(SummaryGroup.Verdict, "host", scaling, "");
        }

        foreach (string note in run.Manifest.Notes)
        {
            yield return new(SummaryGroup.Verdict, "note", note, "");
        }
    }

    /// <summary>What the bands beside simulated numbers are, and why they may say little.</summary>
    private static IEnumerable<SummaryLine> BandsOf(RunMetrics run)
    {
        if (run.Manifest.ErrorBands is not { Known.Count: > 0 } bands)
        {
            yield break;
        }

        string share = FormattableString.Invariant($"{bands.Share:0 %} of measurements lie within");
        yield return new(SummaryGroup.Verdict, "bands", share, $"from {bands.Source}; two simulated settings share most of their error");
        if (bands.ExtrapolatedInWords is { } reason)
        {
            yield return new(SummaryGroup.Verdict, "extrapolated", reason, "");
        }
    }

    /// <summary>Events with text in the window of a run whose server counts no tokens; <c>null</c> where it does.</summary>
    private static double? EventsOf(RunMetrics run) =>
        run.Manifest.Counters.TryGetValue(RunCounter.WindowOutputEvents.Name, out double events) ? events : null;

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
        ? new(SummaryGroup.Energy, name, $"{NumberOf(known.Value, known.Error)} J", note)
        : new(SummaryGroup.Energy, name, $"not measured: {notMeasuredReason}", "");

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

    private static SummaryLine Latency(string name, LatencySummary? summary, string notMeasuredReason, ErrorBand? band) => summary is null
        ? new(SummaryGroup.Latency, name, $"not measured: {notMeasuredReason}", "")
        : new(
            SummaryGroup.Latency,
            name,
            $"{Milliseconds(summary.P50Seconds)} p50, {Milliseconds(summary.P99Seconds)} p99",
            $"mean {BandText.With(Milliseconds(summary.MeanSeconds), band)}");

    private static SummaryLine Number(
        SummaryGroup group, string name, Reading reading, string unit, string note, ErrorBand? band = null) => reading.Value is { } value
            ? new(group, name, BandText.With($"{NumberOf(value, reading.ErrorBound)} {unit}", band), note)
            : new(group, name, reading.ToString(), "");

    private static string NumberOf(double value, double? error) =>
        error is > 0 and { } bound ? NumberText.WithError(value, bound) : NumberText.Rounded(value);

    private static string Joined(params string?[] parts) => string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string ScopeOf(RunMetrics run) => run.Energy is { Source: { } source, Scope: { } scope }
        ? $"{EnumText.Of(scope)} scope, {SourceOf(run, source)}"
        : "";

    // A simulated run has its energy from steps or from a simulated meter, and the evidence kind says that they are simulated.
    private static string SourceOf(RunMetrics run, EnergySource source) => EstimatedOrNone(run) is { Length: > 0 } estimated
        ? estimated
        : EnumText.Of(source);

    private static string Milliseconds(double seconds) => seconds < MaxSecondsInMilliseconds
        ? $"{NumberText.Rounded(seconds * 1000)} ms"
        : $"{NumberText.Rounded(seconds)} s";
}
