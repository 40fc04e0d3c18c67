using GreenServe.Analysis.Reports;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Reports;

public sealed class RunSummaryTests
{
    [Fact]
    public void Of_StatesVerdictLatencyAndEnergy_ForARun()
    {
        using TemporaryFolder folder = new();

        Dictionary<string, string> lines = RunSummary.Of(new SyntheticRun { Batch = 4 }.WriteAndRead(folder.PathOf("run")))
            .DistinctBy(line => line.Name).ToDictionary(line => line.Name, line => line.Value);

        Assert.Equal("VALID", lines["verdict"]);
        Assert.Equal("500 ms p50, 500 ms p99", lines["TTFT"]);

        // 1500 J in 4 s, in which each of four users gets 4 / 1.5 requests: 140.6 J, of which three digits are shown.
        Assert.Equal("141 J", lines["energy per request"]);
    }

    [Fact]
    public void Of_StatesTheBandBesideEachNumber_WhenTheRunIsSimulated()
    {
        using TemporaryFolder folder = new();
        SyntheticRun run = new() { Batch = 4, ErrorBands = SyntheticRun.SomeBands };

        Dictionary<string, SummaryLine> lines = RunSummary.Of(run.WriteAndRead(folder.PathOf("run")))
            .DistinctBy(line => line.Name).ToDictionary(line => line.Name);

        Assert.Equal("141 J, -30 to +40 %", lines["energy per request"].Value);
        Assert.EndsWith("W ± 25 %", lines["mean power"].Value, StringComparison.Ordinal);
        Assert.Equal("mean 500 ms, -40 to +100 %", lines["TTFT"].Note);
        Assert.Equal("80 % of measurements lie within", lines["bands"].Value);
        Assert.Equal("power: no validation on this GPU", lines["extrapolated"].Value);
    }

    [Fact]
    public void Of_WarnsThatTheTailIsThin_WhenTheRunIsHeldAgainstAnSlo()
    {
        using TemporaryFolder folder = new();
        SloProfile slo = new() { Name = "own", Source = "test", Limits = [new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 1 }] };
        SyntheticRun run = new() { Batch = 4 };

        IReadOnlyList<SummaryLine> held = RunSummary.Of((run with { Slo = slo }).WriteAndRead(folder.PathOf("held")));
        IReadOnlyList<SummaryLine> free = RunSummary.Of(run.WriteAndRead(folder.PathOf("free")));

        // Three waves of four requests, of which the first is warm-up.
        string tail = Assert.Single(held, line => line.Name == "tail").Value;
        Assert.StartsWith("Only 8 requests stand behind the latencies.", tail, StringComparison.Ordinal);
        Assert.DoesNotContain(free, line => line.Name == "tail");
    }

    [Fact]
    public void Of_SaysThatThePredictionWasScaled_WhenARunNamesAHost()
    {
        using TemporaryFolder folder = new();
        SyntheticRun run = new() { Host = new HostSpeed { LaunchSeconds = 9e-6 } };

        SummaryLine line = Assert.Single(RunSummary.Of(run.WriteAndRead(folder.PathOf("run"))), line => line.Name == "host");

        Assert.Equal("scaled to 9.00 us a launch", line.Value);
    }

    [Fact]
    public void Of_StatesTheEvidenceFirst_ForARun()
    {
        using TemporaryFolder folder = new();
        SyntheticRun run = new();

        SummaryLine first = RunSummary.Of(run.WriteAndRead(folder.PathOf("run")))[0];

        Assert.Equal(("evidence", EnumText.Of(run.Manifest.Evidence)), (first.Name, first.Value));
    }

    [Fact]
    public void Of_CallsEveryEnergyEstimated_WhenAnOldRecordHasOnlyAPowerModel()
    {
        using TemporaryFolder folder = new();
        RunManifest manifest = new SyntheticRun { Evidence = EvidenceKind.Measured }.Manifest with
        {
            Window = new MeasurementWindow(1, 9, "test"),
            Meters = [new MeterDescription { Name = "cpu", Scope = MeterScope.CpuPackage, Method = "estimated", IsEstimated = true }],
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), manifest))
        {
            writer.Add(new RequestRecord(0, "SS", 2, 2, 3, 5, 10, 10, 10, 10, RequestStatus.Completed));
            foreach (int second in Enumerable.Range(0, 11))
            {
                writer.Add(new PowerSample("cpu", second, 65, null));
            }

            writer.Complete(started => started with { Verdict = RunVerdict.Valid });
        }

        Dictionary<string, SummaryLine> lines = RunSummary.Of(RunRecord.Read(folder.PathOf("run")))
            .DistinctBy(line => line.Name).ToDictionary(line => line.Name);

        Assert.Equal("estimated", lines["evidence"].Value);
        Assert.Equal(("65 W", "cpu-package scope, estimated by a power model"), (lines["mean power"].Value, lines["mean power"].Note));
        Assert.StartsWith("estimated by a power model", lines["peak power"].Note, StringComparison.Ordinal);

        // 65 W over 8 s, and one request that lies in them.
        Assert.Equal(("520 J", "estimated by a power model"), (lines["energy per request"].Value, lines["energy per request"].Note));
        Assert.DoesNotContain(lines.Values, line => line.Note.Contains('±', StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SaysWhy_WhenEnergyWasNotMeasured()
    {
        using TemporaryFolder folder = new();
        SyntheticRun run = new();
        RunManifest manifest = run.Manifest with
        {
            Meters =
            [
                new MeterDescription
                {
                    Name = "gpu0", Scope = MeterScope.Gpu, Method = "NVML", IsCounter = true, NotMeasured = "no library",
                },
            ],
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), manifest))
        {
            writer.Add(new RequestRecord(0, "SS", 0, 0, 1, 3, 10, 10, 10, 10, RequestStatus.Completed));
            writer.Complete(started => started with { Verdict = RunVerdict.Valid });
        }

        IReadOnlyList<SummaryLine> lines = RunSummary.Of(RunRecord.Read(folder.PathOf("run")));

        Assert.Contains(lines, line => line.Name == "energy" && line.Value == "not measured: gpu0: no library");
    }
}
