using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Metrics;

/// <summary>Everything DESIGN defines about one run, computed from its record alone.</summary>
public sealed record RunMetrics
{
    /// <summary>The run.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>The steady window; <c>null</c> if there is none, see <see cref="NoWindowReason"/>.</summary>
    public MeasurementWindow? Window { get; init; }

    /// <summary>Why there is no steady window.</summary>
    public string? NoWindowReason { get; init; }

    /// <summary>Which requests the latencies are of.</summary>
    public required string SampleRule { get; init; }

    /// <summary>How the requests of the sample ended.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>Latencies of the sample.</summary>
    public required Latencies Latencies { get; init; }

    /// <summary>What was served in the window; <c>null</c> without one.</summary>
    public WindowTraffic? Traffic { get; init; }

    /// <summary>Output tokens per second in the window.</summary>
    public required Reading OutputTokensPerSecond { get; init; }

    /// <summary>Requests completed per second in the window.</summary>
    public required Reading RequestsPerSecond { get; init; }

    /// <summary>Energy and power in the window.</summary>
    public required RunEnergy Energy { get; init; }

    /// <summary>Where the window's energy went; <c>null</c> where it was not measured.</summary>
    public EnergyBreakdown? Breakdown { get; init; }

    /// <summary>Window energy / requests completed in it (J).</summary>
    public required Reading JoulesPerRequest { get; init; }

    /// <summary>Window energy / output tokens in it (J).</summary>
    public required Reading JoulesPerOutputToken { get; init; }

    /// <summary>Mean energy attributed to a completed request of the sample (J), where the backend attributes energy.</summary>
    public required Reading AttributedJoulesPerRequest { get; init; }

    /// <summary>The run against its SLO; <c>null</c> where it has none.</summary>
    public SloOutcome? Slo { get; init; }

    /// <summary>Each class that occurs, in the order SS..LL.</summary>
    public required IReadOnlyList<ClassMetrics> ByClass { get; init; }

    /// <summary>What the analysis holds against the run, beside the verdict of the run itself.</summary>
    public required IReadOnlyList<VerdictReason> AnalysisReasons { get; init; }

    /// <summary>Accelerators the rates per accelerator refer to.</summary>
    public Reading GpusUsed => Reading.From(Manifest.GpusUsed, "the number of accelerators is not known");

    /// <summary>Every reason against the run: its own verdict's, then the analysis'.</summary>
    public IEnumerable<VerdictReason> Reasons => Manifest.Verdict.Reasons.Concat(AnalysisReasons).Distinct();

    /// <summary>Whether the run counts in figures and comparisons: nothing speaks against it.</summary>
    public bool IsValid => !Reasons.Any();

    /// <summary>Computes the metrics of a record.</summary>
    public static RunMetrics Of(RunRecord record)
    {
        RunManifest manifest = record.Manifest;
        IReadOnlyList<RequestRecord> requests = record.Requests;
        (MeasurementWindow? window, string? noWindow) = SteadyWindow.Of(manifest, requests);
        RequestSample sample = RequestSample.Of(manifest, requests, window);
        WindowTraffic? traffic = window is null ? null : WindowTraffic.Of(requests, window);
        RunEnergy energy = window is null ? RunEnergy.Missing(noWindow!) : EnergyAccount.Of(record, window);
        Reading Rate(Reading? amount) =>
            (amount ?? Reading.Missing(noWindow ?? "there is no steady window")).DividedBy(window?.LengthSeconds ?? 0, "there is no steady window");
        RunMetrics metrics = new()
        {
            Manifest = manifest,
            Window = window,
            NoWindowReason = noWindow,
            SampleRule = sample.Rule,
            Counts = RequestCounts.Of(sample.Requests),
            Latencies = Latencies.Of(sample.Requests, record.TokenGaps.Values, withCurves: true),
            Traffic = traffic,
            OutputTokensPerSecond = Rate(traffic?.OutputTokens),
            RequestsPerSecond = Rate(traffic is null ? null : Reading.Of(traffic.Requests)),
            Energy = energy,
            Breakdown = window is null ? null : EnergyBreakdown.Of(energy, window, record),
            JoulesPerRequest = energy.Joules.DividedBy(traffic?.Requests ?? 0, "no request was completed in the window"),
            JoulesPerOutputToken = traffic?.OutputTokens.Value is { } tokens
                ? energy.Joules.DividedBy(tokens, "no output token was delivered in the window")
                : Reading.Missing(traffic?.OutputTokens.NotMeasured ?? noWindow ?? "there is no steady window"),
            AttributedJoulesPerRequest = Attributed(sample.Requests),
            Slo = SloEvaluation.Of(manifest, sample.Requests, record.TokenGaps, window),
            ByClass = Classes(record, sample, window),
            AnalysisReasons = [],
        };
        return metrics with { AnalysisReasons = [.. AnalysisJudge.ReasonsAgainst(metrics)] };
    }

    private static ClassMetrics[] Classes(RunRecord record, RequestSample sample, MeasurementWindow? window)
    {
        ILookup<string, RequestRecord> byClass = sample.Requests.ToLookup(request => request.Class);
        return [.. RequestClass.All.Select(one => one.Name).Where(byClass.Contains).Select(name =>
        {
            RequestRecord[] requests = [.. byClass[name]];
            Dictionary<string, LatencyHistogram> gaps = record.TokenGaps.Where(pair => pair.Key == name).ToDictionary();
            return new ClassMetrics
            {
                Class = name,
                Counts = RequestCounts.Of(requests),
                Latencies = Latencies.Of(requests, gaps.Values),
                Slo = SloEvaluation.Of(record.Manifest, requests, gaps, window),
                AttributedJoulesPerRequest = Attributed(requests),
            };
        })];
    }

    private static Reading Attributed(IReadOnlyList<RequestRecord> requests)
    {
        IEnumerable<RequestRecord> completed = requests.Where(request => request.Status == RequestStatus.Completed);
        return !completed.Any() ? Reading.Missing("no request was completed")
            : completed.Any(request => request.EnergyJoules is null) ? Reading.Missing("only windows were metered, not requests")
            : Reading.Of(completed.Average(request => request.EnergyJoules!.Value));
    }
}
