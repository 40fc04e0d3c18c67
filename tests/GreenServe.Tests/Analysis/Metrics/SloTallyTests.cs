using CsCheck;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class SloTallyTests
{
    private static readonly MeasurementWindow Window = new(0, 30, "test");
    private static readonly Dictionary<string, LatencyHistogram> NoGaps = [];

    [Fact]
    public void Of_IsFeasible_WhenThePercentileIsWithinTheLimit()
    {
        // 99 of 100 requests take 1 s, one takes 9 s: p99 is 1 s.
        RequestRecord[] requests = [.. Enumerable.Repeat(Request(ttft: 1), 99), Request(ttft: 9)];

        SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], requests);

        Assert.True(outcome.IsFeasible);
        Assert.Equal(0.99, outcome.Attainment.Value!.Value, 1e-12);
        Assert.Equal(99 / 30.0, outcome.Goodput.Value!.Value, 1e-12);
        Assert.Equal(1, outcome.WorstRatio.Value!.Value, 1e-12);
    }

    [Fact]
    public void Of_IsInfeasible_WhenTwoOfAHundredMiss()
    {
        RequestRecord[] requests = [.. Enumerable.Repeat(Request(ttft: 1), 98), Request(ttft: 3), Request(ttft: 3)];

        SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], requests);

        Assert.False(outcome.IsFeasible);
        Assert.Equal(3, outcome.WorstRatio.Value!.Value, 1e-12);
        Assert.Equal(3, outcome.Limits[0].FoundSeconds!.Value, 1e-12);
    }

    [Fact]
    public void Of_AgreesWithAttainment_Always() =>
        Gen.Select(Gen.Double[0.1, 2].Array[1, 60], Gen.Int[1, 100]).Sample((latencies, percentile) =>
        {
            SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1, percentile)], [.. latencies.Select(ttft => Request(ttft))]);

            Assert.Equal(100L * outcome.WithinRequests >= (long)percentile * outcome.DecidedRequests, outcome.IsFeasible);
        });

    [Fact]
    public void Of_CountsAFailureAsInfinite_WhenItDidNotComplete()
    {
        RequestRecord failed = Request(ttft: 0.1) with { Status = RequestStatus.TimedOut, Error = "timeout" };

        SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], [Request(ttft: 0.1), failed]);

        Assert.False(outcome.IsFeasible);
        Assert.Equal(0.5, outcome.Attainment.Value);
        Assert.Equal("too many requests failed for any SLO", outcome.WorstRatio.NotMeasured);
    }

    [Fact]
    public void Of_LeavesItOpen_WhenTheRunEndedFirst()
    {
        RequestRecord young = new(1, "SS", 9, 9, null, 9.5, 10, 10, 10, null, RequestStatus.Cancelled);
        RequestRecord old = new(2, "SS", 2, 2, null, 9.5, 10, 10, 10, null, RequestStatus.Cancelled);

        SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], [Request(ttft: 0.5), young, old]);

        // The young one waited 0.5 s of 1 s: undecided. The old one waited 7.5 s: missed.
        Assert.Equal((2, 1, 1), (outcome.DecidedRequests, outcome.WithinRequests, outcome.UndecidedRequests));

        // The completed one had its first token after 0.5 s and a gap of 0.1 s: the young one would have needed another 0.9 s.
        // All that completed were within the SLO, and so the undecided one counts for the goodput as far as it was served.
        Assert.Equal((1 + (0.5 / 1.4)) / 30, outcome.Goodput.Value!.Value, 1e-12);
        Assert.False(outcome.IsFeasible);
    }

    [Fact]
    public void Goodput_CountsEachRequestByItsShareInTheWindow()
    {
        RequestRecord cut = new(0, "SS", 29, 29, 30, 33, 10, 10, 11, 11, RequestStatus.Completed);

        SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], [Request(ttft: 0.5), Request(ttft: 3), cut]);

        // Two requests lie in the 30 s and one of them is within the limit. A quarter of the third lies in them: [29, 30] of [29, 33].
        Assert.Equal(2 / 3.0, outcome.Attainment.Value!.Value, 1e-12);
        Assert.Equal(1.25 / 30, outcome.Goodput.Value!.Value, 1e-12);
    }

    [Fact]
    public void Goodput_IsNeverAboveThroughput_WhateverBecameOfTheRequests() =>
        Gen.Select(Gen.Double[-20, 40], Gen.Double[0.1, 2], Gen.Double[0, 30], Gen.Enum<RequestStatus>()).Array[1, 40].Sample(drawn =>
        {
            RequestRecord[] requests = [.. drawn.Select(one => new RequestRecord(
                0, "SS", one.Item1, one.Item1, one.Item1 + one.Item2, one.Item1 + one.Item2 + one.Item3, 9, 9, 9, 9, one.Item4))];
            double throughput = new WindowRequests(Window, requests.Select(RequestSpan.Of)).ServedRequests / Window.LengthSeconds;

            SloOutcome outcome = Evaluate([Limit(SloMetric.Ttft, 1)], requests);

            Assert.InRange(outcome.Goodput.Value!.Value, 0, throughput + 1e-9);
            Assert.InRange(outcome.Attainment.Value ?? 0, 0, 1);
        });

    [Fact]
    public void Of_AppliesEachClassItsOwnLimit_WhenLimitsNameClasses()
    {
        SloLimit shortInput = Limit(SloMetric.Ttft, 0.25) with { Classes = ["SS"] };
        SloLimit longInput = Limit(SloMetric.Ttft, 2) with { Classes = ["LL"] };

        SloOutcome outcome = Evaluate([shortInput, longInput], [Request(ttft: 0.2), Request(ttft: 1.9) with { Class = "LL" }]);

        Assert.True(outcome.IsFeasible);
        Assert.Equal(2, outcome.WithinRequests);
        Assert.Equal([1L, 1L], outcome.Limits.Select(limit => limit.Samples));
    }

    [Fact]
    public void Of_ScalesByClass_WhenTheLimitIsAMultiple()
    {
        SloLimit limit = new() { Metric = SloMetric.E2e, Percentile = 100, IsolatedMultiple = 5 };
        RunManifest manifest = Manifest([limit]) with
        {
            Isolated = [new IsolatedLatency("SS", 0.1, 0.01, 0.2, "1 x GPU"), new IsolatedLatency("LL", 1, 0.01, 10, "1 x GPU")],
        };

        // E2E is TTFT + 1 s: 1.2 s against 5 x 0.2 s misses, 30 s against 5 x 10 s holds.
        SloOutcome outcome = Evaluate(manifest, [Request(ttft: 0.2), Request(ttft: 29) with { Class = "LL" }], NoGaps);

        Assert.Equal(1.2, outcome.WorstRatio.Value!.Value, 1e-9);
        Assert.Equal(1, outcome.WithinRequests);
    }

    [Fact]
    public void Of_SaysWhatIsMissing_WhenTheIsolatedLatencyIsUnknown()
    {
        SloOutcome outcome = Evaluate([new SloLimit { Metric = SloMetric.Ttft, IsolatedMultiple = 5 }], [Request(ttft: 1)]);

        Assert.Null(outcome.IsFeasible);
        Assert.Equal("no isolated latency for class SS", outcome.WorstRatio.NotMeasured);
    }

    [Fact]
    public void Of_JudgesTbtOnAllGaps_WhenTheyWereKept()
    {
        LatencyHistogram gaps = new();
        gaps.Add(0.05, 98);
        gaps.Add(0.2, 2);

        Dictionary<string, LatencyHistogram> byClass = new() { ["SS"] = gaps };

        SloOutcome outcome = Evaluate(Manifest([Limit(SloMetric.Tbt, 0.1)]), [Request(ttft: 1)], byClass);

        // p99 of 100 gaps is the 99th: 0.2 s, twice the limit, up to the bin's 0.4 %.
        Assert.Equal(2, outcome.WorstRatio.Value!.Value, 2 * 0.004);
        Assert.False(outcome.IsFeasible);
    }

    [Fact]
    public void Of_CannotTell_WhenGapsWereNotKept()
    {
        SloOutcome outcome = Evaluate([Limit(SloMetric.Tbt, 0.1)], [Request(ttft: 1)]);

        Assert.Null(outcome.IsFeasible);
        Assert.Equal("token gaps were not kept", outcome.WorstRatio.NotMeasured);
    }

    [Fact]
    public void Of_IsNothing_WhenTheRunHasNoSlo() =>
        Assert.Null(SloLimits.Of(new SyntheticRun().Manifest));

    private static SloOutcome Evaluate(SloLimit[] limits, RequestRecord[] requests) =>
        Evaluate(Manifest(limits), requests, NoGaps);

    private static SloOutcome Evaluate(
        RunManifest manifest, RequestRecord[] requests, IReadOnlyDictionary<string, LatencyHistogram> gaps)
    {
        // Without a window of its own the sample is every request, whenever it was scheduled.
        RequestPass pass = RequestPass.Over(requests, manifest, RequestSample.Of(manifest, requests, window: null), Window);
        LatencyPass.Over(requests, pass);
        return pass.All.Slo!.Outcome(gaps, pass.Traffic!.Served);
    }

    private static RunManifest Manifest(SloLimit[] limits) =>
        new SyntheticRun { Slo = new SloProfile { Name = "test", Source = "test", Limits = limits } }.Manifest with
        {
            WarmUpSeconds = -100,
        };

    private static SloLimit Limit(SloMetric metric, double seconds, double percentile = 99) =>
        new() { Metric = metric, LimitSeconds = seconds, Percentile = percentile };

    [Fact]
    public void Of_CannotTell_WhenTheFirstTokensTimesAreNotKnown()
    {
        RequestRecord unknown = Request(ttft: 0.1) with { FirstTokenSeconds = null, TbtP99Seconds = null };

        SloOutcome first = Evaluate([Limit(SloMetric.Ttft, 1)], [unknown]);
        SloOutcome gaps = Evaluate([Limit(SloMetric.Tbt, 1)], [unknown]);
        SloOutcome whole = Evaluate([Limit(SloMetric.E2e, 2)], [unknown]);

        Assert.Equal((null, null), (first.IsFeasible, gaps.IsFeasible));
        Assert.Equal((1.0, 1.0), (first.UndecidedRequests, gaps.UndecidedRequests));

        // E2E is known: 1.1 s.
        Assert.True(whole.IsFeasible);
        Assert.Equal(1.0, whole.WithinRequests);
    }

    private static RequestRecord Request(double ttft) => new(0, "SS", 0, 0, ttft, ttft + 1, 10, 10, 11, 11, RequestStatus.Completed);
}
