using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using GreenServe.Engine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Runners;
using GreenServe.Engine.Runners.Hosting;
using GreenServe.Engine.Runners.Onnx;
using GreenServe.Engine.Weights;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Engine.Runners.Hosting;

/// <summary>Tests the whole engine: settings, model, scheduler, CPU runner and HTTP server.</summary>
public sealed class EngineServerTests
{
    private const string ModelFile = """
        name: tiny
        source: a shape for tests
        layers: 2
        hidden_size: 64
        intermediate_size: 160
        heads: 4
        key_value_heads: 2
        head_size: 16
        vocabulary_size: 320
        context_tokens: 256
        """;

    [Fact]
    public async Task Completions_ReturnWhatTheRunnerGeneratesAlone()
    {
        await using Running server = await StartAsync(settings => settings with { Seed = 5 });
        DecoderShape shape = DecoderShape.From(ModelCatalog.Read(server.ModelPath));
        int[] prompt = TestModels.Prompt(shape, 40, seed: 1);
        using OnnxDecoderRunner runner = OnnxDecoderRunner.Load(
            new RunnerOptions(shape, new RandomWeights(shape, 5), 1, 256), OnnxWeightFormat.Float32, threads: 1);
        ITextDecoder decoder = new ByteTextCodec().CreateDecoder();
        string expected = string.Concat(RunnerDriver.Generate(runner, shape, prompt, 24).Select(decoder.Append)) + decoder.Flush();

        JsonElement[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.CompleteAsync(prompt, 24)));

        Assert.All(answers, answer =>
        {
            Assert.Equal(expected, answer.GetProperty("choices")[0].GetProperty("text").GetString());
            Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
            Assert.Equal(24, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        });
    }

    [Fact]
    public async Task Sampling_RepeatsWithItsSeed_WhateverRunsBeside()
    {
        await using Running server = await StartAsync();
        int[] prompt = [1, 2, 3, 4];
        object request = new { prompt, max_tokens = 16, temperature = 1.0, top_p = 0.9, seed = 42 };
        string alone = TextOf(await server.PostAsync(request));

        JsonElement[] together = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => server.PostAsync(
            index == 3 ? request : new { prompt, max_tokens = 16, temperature = 1.0, top_p = 0.9, seed = 100 + index })));

        Assert.Equal(alone, TextOf(together[3]));
        Assert.True(together.Select(TextOf).Distinct().Count() > 1, "other seeds give other texts");
    }

    [Fact]
    public async Task Server_ServesTheNext_WhenAClientLeavesInMidStream()
    {
        await using Running server = await StartAsync(settings => settings with { MaxBatch = 1 });
        using (HttpRequestMessage request = new(HttpMethod.Post, "v1/completions")
        {
            Content = JsonContent.Create(new { prompt = new[] { 1, 2 }, max_tokens = 250, temperature = 0, stream = true }),
        })
        {
            using HttpResponseMessage response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using Stream stream = await response.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[64]) > 0);
        }

        JsonElement answer = await server.CompleteAsync([3, 4], 3);

        Assert.Equal(3, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Server_Serves_WhileAThousandConnectionsSendNothing()
    {
        await using Running server = await StartAsync();
        List<Socket> idle = [];
        try
        {
            for (int index = 0; index < 1000; index++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port);
            }

            JsonElement answer = await server.CompleteAsync([1, 2], 4);

            Assert.Equal(4, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("""{"prompt": [1, 2], "max_tokens": -1}""", "max_tokens")]
    [InlineData("""{"prompt": [1, 320], "max_tokens": 4}""", "prompt")]
    [InlineData("""{"prompt": [1, 2], "max_tokens": 400}""", "256")]
    [InlineData("""{"prompt": [], "max_tokens": 4}""", "prompt")]
    public async Task Completions_AnswerWithAnErrorObject_WhenTheRequestCannotBe(string body, string mention)
    {
        await using Running server = await StartAsync();
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await server.Client.PostAsync("v1/completions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Contains(mention, error.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusesAPortInUse_BeforeItLoadsTheModel()
    {
        await using Running first = await StartAsync();
        EngineSettings settings = new() { Model = "a model that is not there", Port = first.Client.BaseAddress!.Port };

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(() => RunAsync(settings));

        Assert.Contains("--port", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-model")]
    [InlineData("mixtral-8x7b")]
    [InlineData("falcon-180b")]
    public async Task Run_RefusesAModelThatIsNotLlama(string model)
    {
        EngineSettings settings = new() { Model = model, Port = 0 };

        await Assert.ThrowsAsync<InvalidInputException>(() => RunAsync(settings));
    }

    [Fact]
    public async Task Run_SaysWhatDoesNotFit_WhenAModelIsLargerThanTheMachine()
    {
        EngineSettings settings = new() { Model = "llama-3.1-405b", Port = 0 };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => RunAsync(settings));

        // 405 G parameters of 4 bytes are above 1500 GiB.
        Assert.Matches(@"weights 15\d\d\.\d GiB", exception.Message);
        Assert.Contains("--max-batch", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusesAContextBeyondTheModels()
    {
        using TemporaryFolder folder = new();
        EngineSettings settings = new() { Model = folder.Write("tiny.yaml", ModelFile), Port = 0, MaxContext = 512 };

        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(() => RunAsync(settings));

        Assert.Contains("256 tokens", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LogsItsSteps_AndEndsWithItsInput()
    {
        using TemporaryFolder folder = new();
        string steps = folder.PathOf("steps.csv");
        RunClock clock = RunClock.Start(TimeProvider.System);
        using InputThatEnds input = new();
        Running server = await StartAsync(settings => settings with { StepsFile = steps, StopsWithInput = true }, input);
        await server.CompleteAsync([1, 2, 3, 4, 5], 6);

        input.End();
        await server.Serving.WaitAsync(TimeSpan.FromSeconds(30));

        EngineStep[] logged = [.. EngineStepFile.Read(steps, clock)];
        Assert.Equal(5, logged.Sum(step => step.PrefillTokens));
        Assert.Equal(5, logged.Sum(step => step.DecodeSequences));
        Assert.All(logged, step => Assert.InRange(step.StartSeconds, 0, clock.Seconds));
        await server.DisposeAsync();
    }

    private static Task RunAsync(EngineSettings settings) =>
        new EngineServer(settings, TextWriter.Null, TextReader.Null, TimeProvider.System).RunAsync(default);

    private static string TextOf(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("text").GetString()!;

    private static async Task<Running> StartAsync(Func<EngineSettings, EngineSettings>? change = null, TextReader? input = null)
    {
        TemporaryFolder folder = new();
        EngineSettings settings = new() { Model = folder.Write("tiny.yaml", ModelFile), Port = 0, Threads = 1 };
        AddressWatcher output = new();
        CancellationTokenSource stop = new();
        EngineServer server = new(change is null ? settings : change(settings), output, input ?? TextReader.Null, TimeProvider.System);
        Task serving = server.RunAsync(stop.Token);
        Task first = await Task.WhenAny(output.Address, serving).WaitAsync(TimeSpan.FromSeconds(60));
        await first;
        return new Running(folder, settings.Model, serving, stop, new HttpClient { BaseAddress = await output.Address });
    }

    private sealed record Running(TemporaryFolder Folder, string ModelPath, Task Serving, CancellationTokenSource Stop, HttpClient Client)
        : IAsyncDisposable
    {
        internal Task<JsonElement> CompleteAsync(int[] prompt, int maxTokens) =>
            PostAsync(new { prompt, max_tokens = maxTokens, temperature = 0, ignore_eos = true });

        internal async Task<JsonElement> PostAsync(object request)
        {
            using HttpResponseMessage response = await Client.PostAsJsonAsync("v1/completions", request);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Stop.CancelAsync();
            await Serving.WaitAsync(TimeSpan.FromSeconds(30));
            Stop.Dispose();
            Folder.Dispose();
        }
    }

    /// <summary>Finds the address in the server's output.</summary>
    private sealed class AddressWatcher : StringWriter
    {
        private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<Uri> Address => address.Task;

        public override Task WriteLineAsync(string? value)
        {
            if (value?.StartsWith("Serving ", StringComparison.Ordinal) == true)
            {
                address.TrySetResult(new Uri(value[(value.LastIndexOf(' ') + 1)..]));
            }

            return base.WriteLineAsync(value);
        }
    }

    /// <summary>A standard input that gives nothing until it ends.</summary>
    private sealed class InputThatEnds : TextReader
    {
        private readonly ManualResetEventSlim ended = new();

        internal void End() => ended.Set();

        public override string? ReadLine()
        {
            ended.Wait(TimeSpan.FromSeconds(60));
            return null;
        }
    }
}
