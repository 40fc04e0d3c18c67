using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Tests.Cli;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Tests that records of any size are analysed to all tables, figures and HTML, in little memory.</summary>
public sealed class LargeRecordTests
{
    /// <summary>The variable that names the folder for the full-size record; unset, that test is skipped. See docs/analysis.md.</summary>
    private const string FolderVariable = "GREENSERVE_SCALE_FOLDER";

    [Fact]
    public async Task Analyze_FindsTheClosedForm_WhenTheRecordIsAHundredthOfTheGoal()
    {
        using TemporaryFolder folder = new();
        string record = LargeRecord.Write(folder.PathOf("large"), requests: 10_000, seconds: 360, gpus: 8);

        CommandResult result = await CommandRunner.RunAsync("analyze", record, "--out", folder.PathOf("out"));
        RunMetrics metrics = ExperimentRun.Read(record).Metrics;

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(8 * LargeRecord.WattsPerGpu, metrics.Energy.MeanWatts.Value!.Value, 1e-6);
        Assert.Equal(8 * LargeRecord.WattsPerGpu, metrics.Energy.PeakWatts.Value!.Value, 1e-6);
        Assert.True(metrics.IsValid, string.Join("; ", metrics.Reasons));
        Assert.True(File.Exists(folder.PathOf("out/index.html")));
    }

    /// <summary>
    /// Memory must not grow with the number of rows: a row of a table is no object, and a request is a small object at each pass.
    /// </summary>
    [Fact]
    public void Read_AllocatesFewBytesARow_WhenTheRecordIsLarge()
    {
        using TemporaryFolder folder = new();
        string record = LargeRecord.Write(folder.PathOf("large"), requests: 20_000, seconds: 360, gpus: 8);
        _ = ExperimentRun.Read(record);

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = ExperimentRun.Read(record);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // 20,000 requests and 28,808 readings. Each of six passes makes a request of 184 bytes, dead at once. A request is kept in
        // 112 bytes, and six of its latencies in eight bytes each.
        Assert.InRange(bytes, 0, (20_000 * ((6 * 184) + 112 + (6 * 8))) + (28_808 * 160) + 4_000_000);
    }

    [SkippableFact]
    public void Read_FindsTheClosedForm_WhenTheRecordHasTheSizeOfTheGoal()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Skip.If(
            string.IsNullOrEmpty(folder),
            $"set {FolderVariable} to a new folder to write a record of 1,000,000 requests and 10 h of 8 counters (200 MB)");

        RunMetrics metrics = ExperimentRun.Read(LargeRecord.Write(folder!, requests: 1_000_000, seconds: 36_000, gpus: 8)).Metrics;

        Assert.True(metrics.IsValid, string.Join("; ", metrics.Reasons));
        Assert.Equal(8 * LargeRecord.WattsPerGpu, metrics.Energy.MeanWatts.Value!.Value, 1e-6);
    }
}
