using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Search.Advising;
using GreenServe.Tests.Search.Advising.Findings;

namespace GreenServe.Tests.Analysis.Advising;

public sealed class VerificationFindingsTests
{
    private static readonly AdvisedSetting First = TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 8 }), "batch 8");
    private static readonly AdvisedSetting Second = TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 16 }), "batch 16");
    private static readonly AdvisedSetting Third = TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 32 }), "batch 32");

    [Fact]
    public void Of_SaysThatTheAdviceStood_WhereTheRecommendedMeasuredLeast()
    {
        AdviceVerification found = Of(Measured(Second, 1.5, 1.6), Measured(First, 1, 1.2));

        Assert.True(found.Stood);
        Assert.Equal(["batch 8", "batch 16"], found.Settings.Select(setting => setting.Measured.Words));
        Assert.Equal("The advice stood: batch 8 (1.1 J per output token) measured the least of 2 settings.", found.Finding);
    }

    [Fact]
    public void Of_SaysThatTheAdviceStood_WhereAnotherThatMeasuredLessCannotBeToldApart()
    {
        AdviceVerification found = Of(Measured(First, 1, 1.2, 1.1), Measured(Second, 1.05, 1.1, 1));

        // Differences 0.05, -0.1, -0.1: mean -0.05, standard deviation 0.087, t = 1.0 with 2 degrees of freedom, p = 0.42.
        Assert.True(found.Stood);
        Assert.StartsWith(
            "The advice stood: batch 8 (1.1 J per output token) cannot be told apart from batch 16",
            found.Finding,
            StringComparison.Ordinal);
        Assert.Equal("batch 16", found.Settings[0].Measured.Words);
    }

    [Fact]
    public void Of_SaysThatTheAdviceDidNotStand_WhereTheSameRequestsTookLessOnAnother()
    {
        AdviceVerification found = Of(Measured(First, 1, 1.1, 1.2), Measured(Second, 0.8, 0.91, 0.99));

        // Differences -0.2, -0.19, -0.21: mean -0.2, standard deviation 0.01, t = 34.6, p = 0.0008. Without pairs, t = 2.5 and p = 0.07.
        Assert.False(found.Stood);
        Assert.Equal(
            "The advice did not stand: batch 16 (0.9 J per output token) measured less than batch 8 (1.1 J per output token).",
            found.Finding);
    }

    [Fact]
    public void Of_CountsTheSettingsThatAreCompared()
    {
        // Each of two settings: differences -0.1, -0.2, -0.15: mean -0.15, standard deviation 0.05, t = 5.2, p = 0.035. Twice that is 0.07.
        VerifiedRuns[] runs = [Measured(First, 1, 1.1, 1.2), Measured(Second, 0.9, 0.9, 1.05), Measured(Third, 0.9, 0.9, 1.05)];

        Assert.True(Of(runs).Stood);
        Assert.False(Of(runs[..2]).Stood);
    }

    [Fact]
    public void Of_SaysThatTheRunsAreTooFew_WhereThereIsOneOfEach()
    {
        AdviceVerification found = Of(Measured(First, 1), Measured(Second, 0.9));

        Assert.False(found.Stood);
        Assert.EndsWith("There are too few runs to say whether that is chance.", found.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SaysThatTheAdviceDidNotStand_WhereTheRecommendedMissesTheSlo()
    {
        AdviceVerification found = Of(
            Measured(First, [RunOf(1, ttftSeconds: 1.5)]), Measured(Second, [RunOf(2, ttftSeconds: 0.5)]));

        Assert.False(found.Stood);
        Assert.Contains("batch 8 misses the SLO on the server (TTFT at P99", found.Finding, StringComparison.Ordinal);
        Assert.EndsWith("batch 16 (2 J per output token) is the least.", found.Finding, StringComparison.Ordinal);

        // What misses the SLO stands behind what meets it, whatever its energy.
        Assert.Equal("batch 16", found.Settings[0].Measured.Words);
    }

    [Fact]
    public void Of_ComparesWithThePrediction()
    {
        AdvisedSetting predicted = First with
        {
            JoulesPerOutputToken = 1,
            ErrorBands = new ErrorBands { Source = "test", JoulesPerToken = new ErrorBand { LowFactor = 0.8, HighFactor = 1.2 } },
            Limits =
            [
                new LimitMargin
                {
                    Metric = SloMetric.Ttft, Percentile = 99, LimitSeconds = 1, Ratio = 0.4, LowRatio = 0.3, HighRatio = 0.45,
                },
            ],
        };

        AdviceVerification found = Of(Measured(predicted, 1.1, 1.1));

        // TTFT: 0.5 of the limit measured and 0.4 predicted, 25 % more, and above the band's 0.45.
        VerifiedSetting setting = Assert.Single(found.Settings);
        Assert.Equal(0.1, setting.JoulesErrorRatio!.Value, tolerance: 1e-12);
        Assert.True(setting.IsWithinBand);
        LatencyError latency = Assert.Single(setting.LatencyErrors);
        Assert.Equal((SloMetric.Ttft, 99, false), (latency.Metric, latency.Percentile, latency.IsWithinBand));
        Assert.Equal(0.25, latency.ErrorRatio!.Value, tolerance: 1e-12);

        // One setting alone says nothing of which is the least.
        Assert.Null(found.Stood);
        Assert.Contains("10 % above the prediction, within the error band", found.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LeavesTheAdviceUnchecked_WhereTheRunsDoNotCount()
    {
        RunVerdict verdict = new([new VerdictReason(VerdictCode.Saturated, "the queue grew")]);
        RunMetrics run = RunOf(1);
        run = WithManifest(run, run.Manifest with { GpusUsed = 8 });

        AdviceVerification invalid = Of(Measured(First, [RunOf(1, verdict: verdict)]), Measured(Second, 2));
        AdviceVerification metered = Of(Measured(First, [run], isOneGpu: false));
        AdviceVerification missing = Of(Measured(Second, 2));

        Assert.All([invalid, metered, missing], found => Assert.Null(found.Stood));
        Assert.Contains("the queue grew", invalid.Finding, StringComparison.Ordinal);
        Assert.Contains("8 GPUs were metered, and the setting uses 1", metered.Finding, StringComparison.Ordinal);
        Assert.Contains("was not measured", missing.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SaysThatNothingWasMeasured_WhereTheServerSimulates()
    {
        RunMetrics run = RunOf(1);
        run = WithManifest(run, run.Manifest with { Evidence = EvidenceKind.Simulated });

        Assert.StartsWith("The server simulates", Of(Measured(First, [run])).Finding, StringComparison.Ordinal);
    }

    private static RunMetrics WithManifest(RunMetrics run, RunManifest manifest) => run with { Manifest = manifest };

    private static RunMetrics RunOf(double joules, double ttftSeconds = 0.5, ulong seed = 1, RunVerdict? verdict = null)
    {
        RunMetrics run = AdviceCase.RunOf(joules, ttftSeconds, seed, verdict: verdict);
        return WithManifest(run, run.Manifest with { Evidence = EvidenceKind.Measured });
    }

    private static AdviceVerification Of(params VerifiedRuns[] runs) =>
        VerificationFindings.Of(TestAdvice.Of(TestAdvice.Workload, First, Second, Third), runs, new TokenPrices(), []);

    private static VerifiedRuns Measured(AdvisedSetting predicted, params double[] joules) =>
        Measured(predicted, [.. joules.Select((value, index) => RunOf(value, seed: (ulong)index))]);

    private static VerifiedRuns Measured(AdvisedSetting predicted, RunMetrics[] runs, bool isOneGpu = true) => new(
        predicted,
        [.. runs.Select(run => isOneGpu ? WithManifest(run, run.Manifest with { GpusUsed = 1 }) : run)],
        "verify/finalist");
}
