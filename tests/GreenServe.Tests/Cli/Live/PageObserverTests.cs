using GreenServe.Tests.Fixtures;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Pages;

namespace GreenServe.Tests.Cli.Live;

[Collection("one provider of metrics at a time")]
public sealed class PageObserverTests
{
    [Fact]
    public async Task Live_SaysTheAddressOnce_AndLeavesTheResultAsItIs()
    {
        using TemporaryFolder folder = new();
        string workload = Workload(folder);

        CommandResult plain = await CommandRunner.RunAsync("run", workload, "--quiet", "--out", folder.PathOf("plain"));
        CommandResult live = await CommandRunner.RunAsync("run", workload, "--quiet", "--live", "0", "--out", folder.PathOf("live"));

        Assert.Equal(0, live.ExitCode);
        Assert.Matches(@"^Live view: http://127\.0\.0\.1:\d+/\r?\n$", live.Error);
        Assert.Equal(plain.Output.Replace("plain", "live", StringComparison.Ordinal), live.Output);
        Assert.Equal(
            await File.ReadAllBytesAsync(folder.PathOf("plain", "requests.csv")),
            await File.ReadAllBytesAsync(folder.PathOf("live", "requests.csv")));
    }

    [Fact]
    public async Task Live_TakesAnyPort_WhenNoneIsNamed()
    {
        using TemporaryFolder folder = new();
        string workload = Workload(folder);

        CommandResult result = await CommandRunner.RunAsync("run", workload, "--quiet", "--out", folder.PathOf("a"), "--live");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Live view: http://127.0.0.1:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_EndsTheCommandBeforeItRuns_WhenThePortIsInUse()
    {
        using TemporaryFolder folder = new();
        string workload = Workload(folder);
        await using LivePageHost other = await LivePageHost.StartAsync(new PageHistory(), port: 0, TimeProvider.System, default);
        string port = $"{other.Address.Port}";

        CommandResult page = await CommandRunner.RunAsync("run", workload, "--live", port, "--out", folder.PathOf("a"));
        CommandResult metrics = await CommandRunner.RunAsync("run", workload, "--metrics", port, "--out", folder.PathOf("b"));
        CommandResult watch = await CommandRunner.RunAsync("watch", await RecordAsync(folder, workload), "--port", port);

        Assert.All([page, metrics, watch], result =>
        {
            Assert.Equal(3, result.ExitCode);
            Assert.StartsWith($"Cannot listen on 127.0.0.1:{port}: ", result.Error, StringComparison.Ordinal);
        });
        Assert.False(Directory.Exists(folder.PathOf("a")));
        Assert.False(Directory.Exists(folder.PathOf("b")));
    }

    [Theory]
    [InlineData("--live", "65536", "--live: got 65536, want a whole number in [0, 65535], or nothing")]
    [InlineData("--metrics", "-1", "--metrics: got -1, want a whole number in [0, 65535]")]
    [InlineData("--otlp", "collector:4317", "--otlp: got ")]
    [InlineData("--otlp", "http://user:secret@collector:4318", "--otlp: got ")]
    public async Task Options_AreRefused_WhenTheirValueCannotBe(string option, string value, string expected)
    {
        using TemporaryFolder folder = new();

        CommandResult result = await CommandRunner.RunAsync(
            "run", Workload(folder), $"{option}={value}", "--out", folder.PathOf("run"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Otlp_LeavesTheRunAlone_WhenTheCollectorIsNotThere()
    {
        using TemporaryFolder folder = new();

        // Port 1 of loopback is taken by nobody.
        CommandResult result = await CommandRunner.RunAsync(
            "run", Workload(folder), "--quiet", "--otlp", "http://127.0.0.1:1", "--out", folder.PathOf("run"));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("The last metrics did not reach the collector at http://127.0.0.1:1/.", result.Error.Trim());
    }

    private static string Workload(TemporaryFolder folder) => folder.Write("small.workload.yaml", SmallWorkload.OfTheCatalog);

    private static async Task<string> RecordAsync(TemporaryFolder folder, string workload)
    {
        Assert.Equal(0, (await CommandRunner.RunAsync("run", workload, "--quiet", "--out", folder.PathOf("record"))).ExitCode);
        return folder.PathOf("record");
    }
}
