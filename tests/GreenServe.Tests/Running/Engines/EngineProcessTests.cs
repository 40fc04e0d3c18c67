using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Engines;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Running.Engines;

/// <summary>The engine in its own process, as <c>greenserve serve engine</c> and <c>greenserve run --backend engine</c> start it.</summary>
public sealed class EngineProcessTests
{
    [Fact]
    public async Task StartAsync_GivesAServerThatEndsWithIt()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new();
        EngineProcess engine = await EngineProcess.StartAsync(
            ["--model", folder.Write("tiny.yaml", TinyModel.Text), "--port", "0", "--threads", "1"], output, default);
        using HttpClient client = new() { BaseAddress = engine.Endpoint };

        JsonElement models = await client.GetFromJsonAsync<JsonElement>("v1/models");
        await engine.DisposeAsync();

        Assert.Equal("tiny", models.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Contains("ONNX Runtime", output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("greenserve-engine: ONNX Runtime", engine.Description, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("health"));
    }

    [SkippableFact]
    public async Task NoteEndAsync_BlamesTheEngine_WhenItWasKilled()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at /proc");
        using TemporaryFolder folder = new();
        string model = folder.Write("tiny.yaml", TinyModel.Text);
        await using EngineProcess engine = await EngineProcess.StartAsync(
            ["--model", model, "--port", "0", "--threads", "1"], TextWriter.Null, default);
        Assert.True(engine.ProcessorSeconds > 0);

        using (Process process = Process.GetProcessById(Assert.Single(ProcessList.With(model))))
        {
            process.Kill();
        }

        await Assert.ThrowsAsync<UnavailableException>(() => engine.WaitForExitAsync(default));
        Assert.Null(engine.ProcessorSeconds);
        await engine.NoteEndAsync();

        // 128 + SIGKILL (9).
        Assert.True(engine.ReasonAgainst!.Is(VerdictCode.ServerEnded));
        Assert.Contains("exit code 137", engine.ReasonAgainst.Message, StringComparison.Ordinal);
        Assert.True(engine.HasExited);
    }

    [Fact]
    public async Task StartAsync_PassesOnWhatTheEngineRefused()
    {
        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(
            () => EngineProcess.StartAsync(["--model", "no-such-model", "--port", "0"], TextWriter.Null, default));

        // Its own words, once: nothing wrapped around them.
        Assert.StartsWith("model: got 'no-such-model', want one of ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_SaysThatThisMachineCannot_WhenPyTorchIsMissing()
    {
        Dictionary<string, string> environment = new() { ["GREENSERVE_TORCH_LIB"] = "/nonexistent/torch" };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => EngineProcess.StartAsync(["--runner", "torch", "--port", "0"], TextWriter.Null, default, environment));

        Assert.Contains("/nonexistent/torch", exception.Message, StringComparison.Ordinal);
    }
}
