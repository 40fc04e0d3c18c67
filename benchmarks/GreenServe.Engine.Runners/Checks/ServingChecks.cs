using System.Net.Http.Json;
using GreenServe.Engine.Http;
using GreenServe.Engine.Inference;
using GreenServe.Engine.Models;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times the whole server as a client sees it, and the time that scheduler and HTTP add to the bare steps.</summary>
/// <param name="shape">The shape of the served model.</param>
/// <param name="report">Receives the results.</param>
/// <param name="promptTokens">The number of tokens in each prompt.</param>
/// <param name="clock">The clock of the server and of the client.</param>
internal sealed class ServingChecks(DecoderShape shape, CheckReport report, int promptTokens, TimeProvider clock)
{
    // The bounds are a small part of the TTFT and of the decode step of a 7B model on a datacentre GPU.
    private const double MaxAddedToFirstTokenMilliseconds = 2;
    private const double MaxAddedToStepMilliseconds = 0.5;
    private const int Repetitions = 9;
    private readonly List<EngineStep> steps = [];

    /// <summary>Serves one client, then a full batch.</summary>
    /// <param name="runner">The runner. The engine that this method creates owns and disposes it.</param>
    /// <param name="batch">The number of clients in a full batch.</param>
    /// <param name="outputTokens">The number of output tokens for which each client of the batch asks.</param>
    internal async Task RunAsync(IDecoderRunner runner, int batch, int outputTokens)
    {
        TimedRunner timed = new(runner, clock);
        await using InferenceEngine engine = new(timed, new ByteTextCodec(), new InferenceOptions
        {
            ModelName = shape.Name,
            VocabularySize = shape.VocabularySize,
            StepTokens = Math.Max(2048, batch),
        }, clock, steps.Add);
        HttpServerOptions options = new() { Port = 0, Clock = clock };
        await using HttpServer server = await HttpServer.StartAsync(engine, options).ConfigureAwait(false);
        SocketsHttpHandler handler = DirectHttp.CreateHandler();
        handler.MaxConnectionsPerServer = batch + 1;
        using HttpClient client = new(handler) { BaseAddress = server.Address };

        // The first request opens a connection and compiles code.
        await StreamAsync(client, 0, outputTokens: 4).ConfigureAwait(false);

        List<double> added = [];
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            timed.Durations.Clear();
            ClientTimes times = await StreamAsync(client, repetition, outputTokens: 8).ConfigureAwait(false);
            added.Add((times.FirstTokenSeconds - timed.Durations[0]) * 1e3);
        }

        report.AtMost(
            "serving: added to TTFT by HTTP and scheduling",
            SpeedChecks.Median(added),
            MaxAddedToFirstTokenMilliseconds,
            "ms",
            "median of 9, one client");
        await ServeBatchAsync(client, timed, batch, outputTokens).ConfigureAwait(false);
    }

    private async Task ServeBatchAsync(HttpClient client, TimedRunner timed, int batch, int outputTokens)
    {
        timed.Durations.Clear();
        steps.Clear();
        long begin = clock.GetTimestamp();
        ClientTimes[] times = await Task.WhenAll(
            Enumerable.Range(0, batch).Select(index => StreamAsync(client, index, outputTokens))).ConfigureAwait(false);
        double rate = batch * outputTokens / clock.GetElapsedTime(begin).TotalSeconds;
        report.Measure($"serving: tokens/s at batch {batch}", rate, "tokens/s", $"{promptTokens} tokens in, {outputTokens} out");

        // The time from the start of one full step to that of the next holds the bare step and everything between the two.
        List<double> between = [];
        List<double> bare = [];
        for (int index = 0; index + 1 < Math.Min(steps.Count, timed.Durations.Count); index++)
        {
            if (steps[index].DecodeSequences == batch && steps[index + 1].DecodeSequences == batch && steps[index].PrefillTokens == 0)
            {
                between.Add((steps[index + 1].StartSeconds - steps[index].StartSeconds) * 1e3);
                bare.Add(timed.Durations[index] * 1e3);
            }
        }

        if (between.Count == 0)
        {
            report.Holds($"serving: {batch} clients decode together", holds: false, "no step had them all");
            return;
        }

        double overhead = SpeedChecks.Median([.. between.Zip(bare, (whole, runner) => whole - runner)]);
        string detail = FormattableString.Invariant($"median of {between.Count} steps of {SpeedChecks.Median(between):0.00} ms");
        report.AtMost(
            $"serving: added to a step by HTTP and scheduling, batch {batch}", overhead, MaxAddedToStepMilliseconds, "ms", detail);
        report.Measure($"serving: bare step while serving, batch {batch}", SpeedChecks.Median(bare), "ms");
        double gap = SpeedChecks.Median([.. times.SelectMany(item => item.GapsSeconds)]) * 1e3;
        report.Measure($"serving: client's median TBT, batch {batch}", gap, "ms");
    }

    private async Task<ClientTimes> StreamAsync(HttpClient client, int seed, int outputTokens)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "v1/completions")
        {
            Content = JsonContent.Create(new
            {
                model = shape.Name,
                prompt = RunnerProbe.Prompt(shape, promptTokens, seed),
                max_tokens = outputTokens,
                temperature = 0,
                ignore_eos = true,
                stream = true,
            }),
        };
        await request.Content.LoadIntoBufferAsync().ConfigureAwait(false);
        long begin = clock.GetTimestamp();
        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync().ConfigureAwait(false));
        List<double> arrivals = [];
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                arrivals.Add(clock.GetElapsedTime(begin).TotalSeconds);
            }
        }

        return new ClientTimes(arrivals[0], [.. arrivals.Zip(arrivals.Skip(1), (earlier, later) => later - earlier)]);
    }

    private sealed record ClientTimes(double FirstTokenSeconds, double[] GapsSeconds);
}
