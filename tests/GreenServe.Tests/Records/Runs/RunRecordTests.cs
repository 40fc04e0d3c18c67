using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Runs;

public sealed class RunRecordTests
{
    private static readonly RequestRecord Completed = new(0, "SM", 0.5, 0.500001, 0.75, 1.25, 100, 101, 120, 120, RequestStatus.Completed)
    {
        TbtP99Seconds = 0.005,
        TbtMaxSeconds = 0.006,
        EnergyJoules = 123.456,
        PrefillEnergyJoules = 23.456,
        ClientQueueSeconds = 0.000001,
    };

    private static readonly RequestRecord Failed =
        new(
            1, "SS", 0.6, 0.6, null, 0.61, 10, null, 20, null,
            RequestStatus.ServerError, "500: \"no, thanks\"\nsecond line", "id,with,commas");

    [Fact]
    public void Read_GivesBackWhatWasWritten()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("run");
        EngineStep step = new(0, 0.02, 512, 3, 1500) { EnergyJoules = 60, PrefillEnergyJoules = 40, ClockMegahertz = 1980 };
        PowerSample counter = new("gpu0.energy", 0.1, null, 1e6);
        ServerMetric running = new("vllm:num_requests_running{model_name=\"a,b\"}", 0.2, 17);
        LatencyHistogram lags = new();
        lags.Add(0.0001, times: 3);
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            writer.Add(Completed);
            writer.Add(Failed);
            writer.Add(step);
            writer.Add(counter);
            writer.Add(running);
            writer.AddClientLags("schedule", lags);
            writer.AddTokenGap("SM", 0.004, times: 119);
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid, DurationSeconds = 1.25 });
        }

        RunRecord record = RunRecord.Read(path);

        Assert.True(record.Manifest.Verdict.IsValid);
        Assert.Equal(1.25, record.Manifest.DurationSeconds);
        Assert.Equal([Completed, Failed], record.Requests);
        Assert.Equal([step], record.Steps);
        Assert.Equal([counter], record.Power);
        Assert.Equal([running], record.ServerMetrics);
        Assert.Equal(lags.Bins, record.ClientLags["schedule"].Bins);
        Assert.Equal(119, record.TokenGaps["SM"].Count);
        Assert.Equal(0.004, record.TokenGaps["SM"].PercentileSeconds(50)!.Value, 0.004 / 256);
    }

    [Fact]
    public void Read_KeepsEveryCompletedRequest_WhenTheRunWasKilled()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            writer.Add(Completed);
        }

        // A kill may cut the last row anywhere.
        File.AppendAllText(Path.Combine(path, RunFiles.Requests), "1,SS,0.6,0.");

        RunRecord record = RunRecord.Read(path);

        Assert.Equal("interrupted", Assert.Single(record.Manifest.Verdict.Reasons).Code);
        Assert.Equal(Completed, Assert.Single(record.Requests));
    }

    [Fact]
    public void Requests_NameFileLineAndColumn_WhenARowIsDamaged()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("run");
        using (RunRecordWriter writer = RunRecordWriter.Create(path, SmallRun.Manifest()))
        {
            writer.Add(Completed);
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        File.AppendAllText(Path.Combine(path, RunFiles.Requests), "1,SS,soon,,,,10,,20,,completed,,\n");

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => RunRecord.Read(path).Requests).Problems);

        Assert.Equal(3, problem.Line);
        Assert.Equal("scheduled_seconds", problem.Place);
        Assert.Equal("soon", problem.Found);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"schema_version\": 999}")]
    [InlineData("not json")]
    [InlineData("{\"schema_version\": 1}")]
    public void Read_IsRefusedWithTheFile_WhenTheManifestCannotBeUsed(string manifest)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write(RunFiles.Manifest, manifest);

        InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => RunRecord.Read(folder.Root));

        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NamesEveryFolder_ThatHoldsNoRecord()
    {
        using TemporaryFolder folder = new();

        InvalidInputException refusal =
            Assert.Throws<InvalidInputException>(() => RunRecord.Find([folder.Root, folder.PathOf("missing")]));

        Assert.Equal(2, refusal.Problems.Count);
    }
}
