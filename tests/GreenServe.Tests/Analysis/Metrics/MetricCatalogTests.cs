using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class MetricCatalogTests
{
    [Fact]
    public void Read_SaysThatTokensWereNotCounted_WhenOnlyTheEnergyOfAPhaseIsKnown()
    {
        using TemporaryFolder folder = new();
        RunManifest started = new SyntheticRun().Manifest with { Baselines = new Baselines(IdleWatts: 10, LoadedIdleWatts: 20) };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), started))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, 1, 2, 10, 10, 10, null, RequestStatus.Completed));
            writer.Add(new EngineStep(0, 2, 10, 1, 10) { EnergyJoules = 100, PrefillEnergyJoules = 40 });
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunMetrics metrics = RunMetrics.Of(RunRecord.Read(folder.PathOf("run")));
        Reading prefill = MetricCatalog.Of("prefill_joules_per_output_token").Read(metrics);

        Assert.Equal("1 requests have no output token count", prefill.NotMeasured);
    }
}
