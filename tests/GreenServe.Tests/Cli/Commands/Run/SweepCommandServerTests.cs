using System.Diagnostics;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

/// <summary><c>sweep</c> over experiments whose section <c>server:</c> starts a server for each point.</summary>
public sealed class SweepCommandServerTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
    private readonly TemporaryFolder folder = new();

    [SkippableFact]
    public async Task Sweep_RunsTheOtherPoints_WhenAServerDoesNotStart()
    {
        Skip.IfNot(File.Exists(Program), "greenserve.dll does not lie beside the tests");
        string file = folder.Write("served.experiment.yaml", Experiment(
            $"""["dotnet", "{Program}", "serve", "simulated", "--fixed-gap", "0", "--port", "{"{port}"}"]""", requests: 5, perSecond: 100));

        CommandResult result = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("out"));

        Assert.Equal((ExitCode.Unavailable, ""), (result.ExitCode, result.Error));
        Assert.Contains(
            "2/2 batch-8: not run: The server ended with exit code 2 before it was ready.", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "2 points, 0 kept, 1 run, 0 of them INVALID, 1 could not be run", Blameless(result.Output), StringComparison.Ordinal);
        string failed = await File.ReadAllTextAsync(folder.PathOf("out", "batch-8.server.log"));
        Assert.Contains("--no-such-option", failed, StringComparison.Ordinal);

        RunRecord record = Assert.Single(RunRecord.ReadAll([folder.PathOf("out")]));
        Assert.Equal(4, record.Manifest.Knobs.MaxBatch);
        Assert.All(record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
        string served = await File.ReadAllTextAsync(folder.PathOf("out", "batch-4", "server.log"));
        Assert.Contains("Serving simulated on", served, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_NamesTheKnobAndStartsNothing_WhenTheServerDoesNotHaveIt()
    {
        string file = folder.Write("served.experiment.yaml", Experiment("""["no-such-program"]""", requests: 5, perSecond: 100)
            .Replace("knobs.max_batch: 8", "knobs.step_tokens: 8", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("out"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "batch-8: knobs.step_tokens: got 8, want a knob this server has: add server.knobs.step_tokens",
            result.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [SkippableFact]
    public async Task Sweep_StopsTheServerAndLeavesAReadableRecord_WhenTheProcessIsTerminated()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists(Program), "looks at /proc; greenserve.dll must lie beside the tests");

        // The server ignores the request to end; what it started has a number no other process has.
        string marker = $"86{Random.Shared.Next(100_000, 999_999)}";
        string serve = $"dotnet '{Program}' serve simulated --fixed-gap 0 --port {"{port}"}";
        string command = $"""["sh", "-c", "trap '' TERM; {serve} & sleep {marker}; sleep {marker}"]""";
        string file = folder.Write(
            "slow.experiment.yaml", Experiment(command, requests: 3600, perSecond: 1) + "\n  stop_seconds: 2.5\n");
        using Process sweep = Process.Start(new ProcessStartInfo("dotnet", [Program, "sweep", file, "--out", folder.PathOf("out")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string requests = folder.PathOf("out", "batch-4", RunFiles.Requests);
        await WaitAsync(() => File.Exists(requests) && File.ReadAllText(requests).Contains("completed", StringComparison.Ordinal), sweep);
        Assert.Contains(ProcessList.Commands(), command => command.Contains(marker, StringComparison.Ordinal));

        Process.Start("kill", ["-TERM", $"{sweep.Id}"]).WaitForExit();
        await sweep.WaitForExitAsync();

        // Stopping takes longer than the two seconds after which a command-line library would end the process. All must be gone even so.
        Assert.DoesNotContain(ProcessList.Commands(), command => command.Contains(marker, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Cancelled, sweep.ExitCode);
        Assert.Contains(RunRecord.Read(folder.PathOf("out", "batch-4")).Manifest.Verdict.Reasons, reason => reason.Code == "interrupted");
    }

    public void Dispose() => folder.Dispose();

    private static string Experiment(string command, int requests, int perSecond) => $$"""
        name: served
        purpose: a test
        source: this test
        backend: openai
        system: { gpu: H100-80GB-SXM, gpu_count: 1, engine: vllm-0.11 }
        workload:
          name: few
          purpose: a test
          source: this test
          model: simulated
          arrival: { kind: constant, requests_per_second: {{perSecond}} }
          lengths: { kind: independent, input: { kind: fixed, tokens: 20 }, output: { kind: fixed, tokens: 4 } }
          requests: {{requests}}
        grid:
          - name: batch
            cases:
              4: { knobs.max_batch: 4 }
              8: { knobs.max_batch: 8 }
        server:
          command: {{command}}
          knobs:
            max_batch: { values: { "4": [], "8": ["--no-such-option"] } }
        """;

    /// <summary>Counts no point as INVALID. On a busy machine the client may be late, which is not what is tested.</summary>
    private static string Blameless(string output) => output.Replace("1 of them INVALID", "0 of them INVALID", StringComparison.Ordinal);

    private static async Task WaitAsync(Func<bool> isReached, Process process)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!isReached())
        {
            if (process.HasExited)
            {
                Assert.Fail(await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync());
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(2), "the first point never began");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
