using GreenServe.Analysis.Metrics;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class RunMetricsTests
{
    [Fact]
    public void Of_HasTheClosedForm_WhenWavesAreEqual()
    {
        using TemporaryFolder folder = new();
        SyntheticRun run = new() { Batch = 4, Waves = 3, OutputTokens = 11, PrefillSeconds = 0.5, StepSeconds = 0.1 };

        RunMetrics metrics = RunMetrics.Of(run.WriteAndRead(folder.PathOf("run")));

        // The batch is full from the first wave's tokens (0.5 s) to the last wave's end (3 waves of 1.5 s).
        Assert.Equal((0.5, 4.5), (metrics.Window!.StartSeconds, metrics.Window.EndSeconds));
        Assert.Equal(0.5, metrics.Latencies.Ttft!.P99Seconds, 1e-9);
        Assert.Equal(0.1, metrics.Latencies.Tpot!.MeanSeconds, 1e-9);
        Assert.Equal(1.5, metrics.Latencies.E2e!.P50Seconds, 1e-9);
        Assert.Equal(0.1, metrics.Latencies.Tbt!.P99Seconds, 0.1 * 0.004);

        // 4 x 11 tokens a wave, without the four first tokens that open the window.
        Assert.Equal((132 - 4) / 4.0, metrics.OutputTokensPerSecond.Value!.Value, 1e-9);

        // Four users, each with a request of 1.5 s after the other: 4 / 1.5 requests/s, and 4 * 4 / 1.5 of them in 4 s.
        Assert.Equal(4 / 1.5, metrics.RequestsPerSecond.Value!.Value, 1e-9);

        // A wave is 0.5 s at 600 W and 1 s at 300 W: 600 J; the first prefill (300 J) lies before the window.
        Assert.Equal(1500, metrics.Energy.Joules.Value!.Value, 1e-6);
        Assert.Equal(1500 / 4.0, metrics.Energy.MeanWatts.Value!.Value, 1e-6);
        Assert.Equal(600, metrics.Energy.PeakWatts.Value!.Value, 1e-6);
        Assert.Equal(1500 / (16 / 1.5), metrics.JoulesPerRequest.Value!.Value, 1e-6);
        Assert.Equal(1500 / 128.0, metrics.JoulesPerOutputToken.Value!.Value, 1e-6);
        Assert.Equal(1500 - (120 * 4.0), metrics.Energy.DynamicJoules.Value!.Value, 1e-6);
        Assert.Equal(600 / 4.0, metrics.AttributedJoulesPerRequest.Value!.Value, 1e-9);
        Assert.True(metrics.IsValid);
    }

    [Fact]
    public void Of_SumsRequestEnergiesToTheTotal_WhenTheEngineIsNeverIdle()
    {
        using TemporaryFolder folder = new();
        RunRecord record = new SyntheticRun { Batch = 3, Waves = 5 }.WriteAndRead(folder.PathOf("run"));

        double requests = record.Requests.Sum(request => request.EnergyJoules!.Value);

        Assert.Equal(record.Steps.Sum(step => step.EnergyJoules!.Value), requests, 1e-6);
    }

    [Fact]
    public void Of_TakesSamplesIssuedInTheWindow_WhenTheLoopIsClosed()
    {
        using TemporaryFolder folder = new();

        RunMetrics metrics = RunMetrics.Of(new SyntheticRun { Batch = 2, Waves = 4 }.WriteAndRead(folder.PathOf("run")));

        // The first wave was issued before the window.
        Assert.Equal(6, metrics.Counts.Total);
        Assert.Equal("issued since the window opened", metrics.SampleRule);
    }

    [Fact]
    public void Of_TakesWhatRuns_WhenThereIsASingleWave()
    {
        using TemporaryFolder folder = new();

        RunMetrics metrics = RunMetrics.Of(new SyntheticRun { Batch = 2, Waves = 1 }.WriteAndRead(folder.PathOf("run")));

        Assert.Equal(2, metrics.Counts.Completed);
        Assert.Equal("running in the window", metrics.SampleRule);
    }

    [Fact]
    public void Of_IsInvalid_WhenTheSampleHoldsOneRequest()
    {
        using TemporaryFolder folder = new();

        // One user, two requests: the second is the only one that was issued since the window opened.
        RunMetrics metrics = RunMetrics.Of(new SyntheticRun { Batch = 1, Waves = 2 }.WriteAndRead(folder.PathOf("run")));

        Assert.Equal(1, metrics.Counts.Completed);
        Assert.Equal(["too-few-requests"], metrics.Reasons.Select(reason => reason.Code));
    }

    [Fact]
    public void Of_IsInvalidWithReasons_WhenNothingWasCompleted()
    {
        using TemporaryFolder folder = new();
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), new SyntheticRun().Manifest))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, null, 1, 10, 10, 10, null, RequestStatus.ServerError, "500"));
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunMetrics metrics = RunMetrics.Of(RunRecord.Read(folder.PathOf("run")));

        Assert.False(metrics.IsValid);
        Assert.Equal(["no-steady-window", "nothing-completed"], metrics.Reasons.Select(reason => reason.Code));
        Assert.Null(metrics.JoulesPerRequest.Value);
        Assert.All(MetricCatalog.All, metric => Assert.True(
            metric.Read(metrics) is { Value: null, NotMeasured.Length: > 0 } or { Value: not null, NotMeasured: null }));
    }

    [Fact]
    public void OutputTokensPerSecond_IsNotMeasured_WhenARequestHasNoCount()
    {
        using TemporaryFolder folder = new();
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), new SyntheticRun().Manifest))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, 1, 2, 10, 10, 10, null, RequestStatus.Completed));
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunMetrics metrics = RunMetrics.Of(RunRecord.Read(folder.PathOf("run")));

        Assert.Equal("not measured: 1 requests have no output token count", metrics.OutputTokensPerSecond.ToString());
    }
}
