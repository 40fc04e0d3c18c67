using GreenServe.Cli;
using GreenServe.Records.Http;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Records;

public sealed class WatchCommandTests
{
    [Fact]
    public async Task Watch_PrintsTheAddressAndServesUntilItIsStopped()
    {
        using TemporaryFolder folder = new();
        string run = new SyntheticRun().Write(folder.PathOf("run"));
        using StringWriter output = new();
        using StringWriter error = new();
        using CancellationTokenSource stop = new();
        Task<int> command = CommandLineApplication.RunAsync(["watch", run, "--port", "0"], output, error, context: null, stop.Token);
        string line = await LineAsync(output);
        using HttpClient client = new(DirectHttp.CreateHandler());

        string page = await client.GetStringAsync(new Uri(line[(line.LastIndexOf(' ') + 1)..]));
        await stop.CancelAsync();

        Assert.Equal(0, await command);
        Assert.StartsWith($"Watching {run} at http://127.0.0.1:", line, StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Watch_SaysWhatIsMissing_WhenTheFolderHoldsNoRecord()
    {
        using TemporaryFolder folder = new();

        CommandResult result = await CommandRunner.RunAsync("watch", folder.Root);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("got no run.json, want a folder with run records", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_RefusesAPort_OutsideItsRange()
    {
        CommandResult result = await CommandRunner.RunAsync("watch", ".", "--port", "70000");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--port: got 70000, want a whole number in [0, 65535]", result.Error, StringComparison.Ordinal);
    }

    private static async Task<string> LineAsync(StringWriter output)
    {
        while (!output.ToString().Contains('\n', StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return output.ToString().Split('\n')[0].TrimEnd();
    }
}
