using GreenServe.Records;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class HistoryCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Show_NamesTheLabel_WhenTheEnergyRose()
    {
        for (int version = 0; version < 12; version++)
        {
            double factor = (1 + (0.002 * ((version * 7 % 5) - 2))) * (version < 6 ? 1 : 1.1);
            new SyntheticRun { PrefillWatts = 600 * factor, DecodeWatts = 300 * factor }.Write(folder.PathOf($"v{version}"));
            CommandResult added = await CommandRunner.RunAsync(
                "history", "add", File, folder.PathOf($"v{version}"), "--label", $"v{version}");
            Assert.Equal((ExitCode.Success, ""), (added.ExitCode, added.Error));
        }

        CommandResult shown = await CommandRunner.RunAsync(
            "history", "show", File, "--metric", "mean_watts", "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Success, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("12 runs of 12 labels; 0 lines skipped", shown.Output, StringComparison.Ordinal);
        Assert.Contains("v6: +", shown.Output, StringComparison.Ordinal);
        Assert.Contains("worse", shown.Output, StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(folder.PathOf("out/history-1.png")));
    }

    [Fact]
    public async Task Show_NamesAndSkipsTheLine_WhenItIsBroken()
    {
        new SyntheticRun().Write(folder.PathOf("a"));
        await CommandRunner.RunAsync("history", "add", File, folder.PathOf("a"), "--label", "one");
        System.IO.File.AppendAllText(File, "{\"schema_version\": 1, \"lab\n");
        await CommandRunner.RunAsync("history", "add", File, folder.PathOf("a"), "--label", "two");

        CommandResult shown = await CommandRunner.RunAsync("history", "show", File);

        Assert.Equal((ExitCode.Success, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("2 runs of 2 labels; 1 lines skipped", shown.Output, StringComparison.Ordinal);
        Assert.Contains(".jsonl:2: line:", shown.Output, StringComparison.Ordinal);
        Assert.Contains("2 labels: too few to find a change of level", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_AsksForALabel_WhenTheRecordsNameNoCommit()
    {
        new SyntheticRun().Write(folder.PathOf("a"));

        CommandResult result = await CommandRunner.RunAsync("history", "add", File, folder.PathOf("a"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--label: got nothing, want a label", result.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Show_ListsTheMetrics_WhenOneIsUnknown()
    {
        new SyntheticRun().Write(folder.PathOf("a"));
        await CommandRunner.RunAsync("history", "add", File, folder.PathOf("a"), "--label", "one");

        CommandResult result = await CommandRunner.RunAsync("history", "show", File, "--metric", "joules");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--metric: got joules, want one of ttft_mean_seconds", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string File => folder.PathOf("history.jsonl");
}
