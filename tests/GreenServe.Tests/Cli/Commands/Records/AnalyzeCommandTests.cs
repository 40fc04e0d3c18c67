using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis.Advising.Pages;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Rules_ListsEachRuleAndFails_WhenOneIsNotMet()
    {
        WriteRecord();

        CommandResult result = await CommandRunner.RunAsync("analyze", folder.Root, "--rules", "mlperf-power");

        Assert.Equal((ExitCode.Failed, ""), (result.ExitCode, result.Error));
        Assert.Contains("rules of MLPerf Power met", result.Output, StringComparison.Ordinal);
        Assert.Contains("NOT MET     duration ", result.Output, StringComparison.Ordinal);
        Assert.Contains("whole-system", result.Output, StringComparison.Ordinal);
        Assert.Equal(["record"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--rules: got spec, want mlperf-power", "RECORD", "--rules", "spec")]
    [InlineData("--rules: got no RECORDS, want at least one folder", "--rules", "mlperf-power")]
    [InlineData("--out: got nothing, want a folder for the report", "RECORD")]
    public async Task Analyze_SaysWhatIsAllowed_WhenAnOptionIsWrongOrMissing(string expected, params string[] arguments)
    {
        WriteRecord();

        CommandResult result = await CommandRunner.RunAsync(
            ["analyze", .. arguments.Select(argument => argument == "RECORD" ? folder.PathOf("record") : argument)]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_WritesThePageOfAnAdvice_WhenAFolderHoldsNoRecord()
    {
        Directory.CreateDirectory(folder.PathOf("given", "advice"));
        SyntheticAdvice.Plain().Write(folder.PathOf("given", "advice", AdviceDocument.FileName));

        CommandResult result = await CommandRunner.RunAsync("analyze", folder.PathOf("given"), "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(folder.PathOf("out", AdvicePage.FileName)));
        Assert.Contains(
            "<a href=\"advice.html\">", File.ReadAllText(folder.PathOf("out", "index.html")), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void WriteRecord()
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("record"), new RunManifest
        {
            WorkloadName = "test",
            Workload = new JsonObject(),
            WorkloadSha256 = "abc",
            Model = "llama-15m",
            Knobs = new Knobs(),
            Backend = BackendKind.Engine,
            Evidence = EvidenceKind.Measured,
            Environment = RunEnvironment.Virtual(),
            Seed = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
            Window = new MeasurementWindow(0, 10, "test"),
            Verdict = RunVerdict.Valid,
        });
        writer.Add(new RequestRecord(0, "MM", 0, 0, 1, 5, 512, 512, 128, 128, RequestStatus.Completed));
        writer.Complete(started => started with { Verdict = RunVerdict.Valid });
    }
}
