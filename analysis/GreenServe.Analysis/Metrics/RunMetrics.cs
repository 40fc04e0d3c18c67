using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Analysis.Pricing;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Metrics;

/// <summary>The metrics of one run, computed from its record alone: latencies, rates, energy and the SLO.</summary>
/// <remarks>
/// Latencies are of the requests that <see cref="LatencySample"/> chooses. Rates, energy and shares are of the <see cref="SteadyWindow"/>,
/// whose requests <see cref="WindowRequests"/> counts. A number that the record cannot give is a <see cref="Reading"/> with the reason.
/// Measurement.md holds the formulas.
/// </remarks>
public sealed record RunMetrics
{
    /// <summary>The run as its record describes it, with the evidence kind that its energy gives it.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>The steady part of the run, or the reason why there is none.</summary>
    public required SteadyWindow SteadyWindow { get; init; }

    /// <summary>The steady window; <c>null</c> if there is none, and then <see cref="NoWindowReason"/> says why.</summary>
    public MeasurementWindow? Window => SteadyWindow.Window;

    /// <summary>The reason why there is no steady window; <c>null</c> if there is one.</summary>
    public string? NoWindowReason => SteadyWindow.NoWindowReason;

    /// <summary>How the requests of the sample were chosen, in words.</summary>
    public required string SampleRule { get; init; }

    /// <summary>How the requests of the sample ended.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>Latencies of the completed requests of the sample. Token gaps are those of the whole run.</summary>
    public required Latencies Latencies { get; init; }

    /// <summary>Requests and tokens served in the steady window; <c>null</c> without a window.</summary>
    public WindowTraffic? Traffic { get; init; }

    /// <summary>Output tokens per second in the steady window (tokens/s).</summary>
    public required Reading OutputTokensPerSecond { get; init; }

    /// <summary>
    /// Requests served per second of the steady window (requests/s), each counted by the share of its service time that lies in it.
    /// </summary>
    public required Reading RequestsPerSecond { get; init; }

    /// <summary>Energy and power in the steady window.</summary>
    public required RunEnergy Energy { get; init; }

    /// <summary>The parts of the window's energy; <c>null</c> where the energy was not measured.</summary>
    public EnergyBreakdown? Breakdown { get; init; }

    /// <summary>Window energy divided by the requests served in the window (J).</summary>
    public required Reading JoulesPerRequest { get; init; }

    /// <summary>Window energy divided by the output tokens in the window (J).</summary>
    public required Reading JoulesPerOutputToken { get; init; }

    /// <summary>Mean energy attributed to a completed request of the sample (J), where the backend attributes energy to requests.</summary>
    public required Reading AttributedJoulesPerRequest { get; init; }

    /// <summary>How the run held its SLO; <c>null</c> where the workload has no SLO.</summary>
    public SloOutcome? Slo { get; init; }

    /// <summary>The metrics of each request class that occurs in the sample, in the order SS to LL.</summary>
    public required IReadOnlyList<ClassMetrics> ByClass { get; init; }

    /// <summary>The verdict of <see cref="RunJudge"/>: the reasons that the record states, and those that its tables show.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <summary>What the run served and used as a whole; <c>null</c> for anything but a simulated cluster.</summary>
    internal ClusterAccount? Cluster { get; init; }

    /// <summary>What the run emitted and cost; <c>null</c> where neither a grid nor a price was stated.</summary>
    internal RunCosts? Costs { get; init; }

    /// <summary>What the engine's steps tell about the run and its window.</summary>
    internal StepWindow Steps { get; init; } = StepWindow.Of([], 0, 0);

    /// <summary>Number of accelerators that rates per accelerator refer to.</summary>
    public Reading GpusUsed => Reading.From(Manifest.GpusUsed, "the number of accelerators is not known");

    /// <summary>Every reason against the run.</summary>
    public IEnumerable<VerdictReason> Reasons => Verdict.Reasons;

    /// <summary>Whether the run counts in figures and comparisons: there is no reason against it.</summary>
    public bool IsValid => Verdict.IsValid;

    /// <summary>Number of requests of the sample that a limit of the SLO applies to, completed or not.</summary>
    /// <param name="limit">The limit.</param>
    public int RequestsBehind(SloLimit limit) => ByClass.Where(one => limit.AppliesTo(one.Class)).Sum(one => one.Counts.Total);

    /// <summary>Computes the metrics of a record.</summary>
    /// <param name="record">The record; nothing else is read.</param>
    public static RunMetrics Of(RunRecord record) => Of(record, record.Requests);

    /// <summary>Computes the metrics of a record, with what it emitted and cost.</summary>
    /// <param name="record">The record; nothing else is read.</param>
    /// <param name="prices">What its energy and its accelerators are priced by; <c>null</c> leaves carbon and cost out.</param>
    public static RunMetrics Of(RunRecord record, PriceList? prices)
    {
        RunMetrics run = Of(record);
        return prices is null ? run : run with { Costs = RunCosts.Of(prices, record, run) };
    }

    /// <summary>Computes the metrics of a record, with every pass over its requests through the given sequence.</summary>
    internal static RunMetrics Of(RunRecord record, IReadOnlyCollection<RequestRecord> requests)
    {
        RunManifest manifest = record.Manifest;
        SteadyWindow steady = SteadyWindow.Of(manifest, requests);
        MeasurementWindow? window = steady.Window;
        RequestPass pass = RequestPass.Over(requests, manifest, RequestSample.Of(manifest, requests, window), window);
        LatencyPass.Over(requests, pass);
        WindowTraffic? traffic = pass.Traffic;
        StepWindow steps = StepWindow.Of(record, window);
        RunEnergy energy = window is null ? RunEnergy.Missing(steady.NoWindowReason!) : EnergyAccount.Of(record, window, steps);
        return new RunMetrics
        {
            Manifest = manifest with { Evidence = manifest.Evidence.WithEnergy(IsEstimated(energy)) },
            SteadyWindow = steady,
            SampleRule = pass.Sample.Rule,
            Counts = pass.All.Counts,
            Latencies = pass.All.Latencies(record.TokenGaps.Values),
            Traffic = traffic,
            OutputTokensPerSecond = Rate(traffic?.OutputTokens, steady),
            RequestsPerSecond = Rate(traffic is null ? null : Reading.Of(traffic.Requests), steady),
            Energy = energy,
            Breakdown = window is null ? null : EnergyBreakdown.Of(energy, window, record, steps),
            JoulesPerRequest = energy.Joules.DividedBy(traffic?.Requests ?? 0, "no request was served in the window"),
            JoulesPerOutputToken = traffic?.OutputTokens.Value is { } tokens
                ? energy.Joules.DividedBy(tokens, "no output token was delivered in the window")
                : Reading.Missing(traffic?.OutputTokens.NotMeasured ?? steady.NoWindowReason!),
            AttributedJoulesPerRequest = pass.All.AttributedJoules,
            Slo = pass.All.Slo?.Outcome(record.TokenGaps, traffic?.Served),
            ByClass = Classes(record, pass),
            Verdict = RunJudge.Judge(manifest, record, steady, pass.Sample),
            Cluster = ClusterAccount.Of(manifest, pass),
            Steps = steps,
        };
    }

    /// <summary>An amount per second of the steady window; the reason why there is no window where there is none.</summary>
    private static Reading Rate(Reading? amount, SteadyWindow steady) => amount is not null && steady.Window is { } window
        ? amount.DividedBy(window.LengthSeconds, "the steady window has no length")
        : Reading.Missing(steady.NoWindowReason!);

    // Only the energy of meters tells: no engine that is measured states energy in its steps.
    private static bool? IsEstimated(RunEnergy energy) =>
        energy.Joules.Value is null || energy.Source == EnergySource.Steps ? null : energy.IsEstimated;

    private static ClassMetrics[] Classes(RunRecord record, RequestPass pass) =>
        [.. RequestClass.All.Select(one => (one.Name, Tally: pass.ByClass.GetValueOrDefault(one.Name)))
            .Where(one => one.Tally is { Requests: > 0 })
            .Select(one => ClassOf(one.Name, one.Tally!, record, pass.Traffic?.Served))];

    private static ClassMetrics ClassOf(string name, RequestTally tally, RunRecord record, WindowRequests? served)
    {
        Dictionary<string, LatencyHistogram> gaps = record.TokenGaps.Where(pair => pair.Key == name).ToDictionary();
        return new ClassMetrics
        {
            Class = name,
            Counts = tally.Counts,
            Latencies = tally.Latencies(gaps.Values),
            Slo = tally.Slo?.Outcome(gaps, served),
            AttributedJoulesPerRequest = tally.AttributedJoules,
        };
    }
}

/// <summary>The metrics of one request class of a run.</summary>
public sealed record ClassMetrics
{
    /// <summary>Name of the class, for example <c>SM</c>.</summary>
    public required string Class { get; init; }

    /// <summary>How the requests of the class ended.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>Latencies of the completed requests of the class.</summary>
    public required Latencies Latencies { get; init; }

    /// <summary>How the class held the SLO; <c>null</c> where the workload has no SLO.</summary>
    public SloOutcome? Slo { get; init; }

    /// <summary>Mean energy attributed to a completed request of the class (J).</summary>
    public required Reading AttributedJoulesPerRequest { get; init; }
}
