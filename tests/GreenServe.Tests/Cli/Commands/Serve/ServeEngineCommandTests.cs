using System.Diagnostics;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Serve;

/// <summary>The built-in engine's life beside the process that started it.</summary>
public sealed class ServeEngineCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public async Task Serve_Ends_WhenItsInputDoes()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "greenserve.dll");
        Skip.IfNot(File.Exists(program), "greenserve.dll does not lie beside the tests");
        string model = folder.Write("tiny.yaml", TinyModel.Text);
        string[] arguments = [program, "serve", "engine", "--model", model, "--port", "0", "--threads", "1", "--stop-with-stdin"];
        using Process server = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        string? line;
        do
        {
            line = await server.StandardOutput.ReadLineAsync();
        }
        while (line?.StartsWith("Serving", StringComparison.Ordinal) == false);

        server.StandardInput.Close();
        await server.WaitForExitAsync();

        Assert.NotNull(line);
        Assert.Equal(ExitCode.Success, server.ExitCode);
        Assert.Empty(ProcessList.With(model));
    }

    [SkippableFact]
    public async Task Run_IsInvalid_WhenItsEngineIsKilled()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");
        string model = folder.Write("tiny.yaml", TinyModel.Text);
        string workload = folder.Write("long.workload.yaml", $$"""
            name: long
            purpose: a run whose engine is killed
            source: none
            model: {{model}}
            arrival: { kind: closed_loop, concurrency: 2 }
            lengths:
              kind: independent
              input: { kind: fixed, tokens: 16 }
              output: { kind: fixed, tokens: 100 }
            requests: 20000
            """);
        string record = folder.PathOf("run");
        Task<CommandResult> running = CommandRunner.RunAsync(
            "run", workload, "--backend", "engine", "--set", "precision=fp32", "--meters", "none", "--out", record);
        string requests = Path.Combine(record, "requests.csv");
        while (!running.IsCompleted && !(File.Exists(requests) && File.ReadLines(requests).Count() > 2))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        foreach (int engine in ProcessList.With(model))
        {
            using Process process = Process.GetProcessById(engine);
            process.Kill();
        }

        CommandResult result = await running;

        Assert.Equal((ExitCode.InvalidRun, ""), (result.ExitCode, result.Error));
        RunManifest manifest = RunRecord.Read(record).Manifest;
        Assert.Contains("server-ended", manifest.Verdict.Reasons.Select(reason => reason.Code));
        Assert.False(manifest.Verdict.IsInterrupted);
    }
}
