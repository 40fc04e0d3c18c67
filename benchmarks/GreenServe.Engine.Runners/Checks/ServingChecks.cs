using System.Net.Http.Json;
using GreenServe.Engine.Http;
using GreenServe.Engine.Inference;
using GreenServe.Engine.Models;
using GreenServe.Records.Measurements;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times the whole server as a client sees it, and what scheduler and HTTP add to the bare steps.</summary>
internal sealed class ServingChecks(DecoderShape shape, CheckReport report, int promptTokens)
{
    private readonly List<EngineStep> steps = [];

    /// <summary>Serves one client, then a full batch.</summary>
    /// <param name="runner">Becomes the engine's.</param>
    /// <param name="batch">Clients at once.</param>
    /// <param name="outputTokens">Tokens each asks for.</param>
    internal async Task RunAsync(IDecoderRunner runner, int batch, int outputTokens)
    {
        TimedRunner timed = new(runner);
        await using InferenceEngine engine = new(timed, new ByteTextCodec(), new InferenceOptions
        {
            ModelName = shape.Name,
            VocabularySize = shape.VocabularySize,
            StepTokens = Math.Max(2048, batch),
        }, TimeProvider.System, steps.Add);
        await using HttpServer front = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 }).ConfigureAwait(false);
        using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = batch + 1 }) { BaseAddress = front.Address };
        await StreamAsync(client, 0, outputTokens: 4).ConfigureAwait(false);   // connections, JIT

        List<double> added = [];
        for (int repetition = 0; repetition < 9; repetition++)
        {
            timed.Durations.Clear();
            ClientTimes times = await StreamAsync(client, repetition, outputTokens: 8).ConfigureAwait(false);
            added.Add((times.FirstTokenSeconds - timed.Durations[0]) * 1e3);
        }

        report.AtMost("serving: added to TTFT by HTTP and scheduling", SpeedChecks.Median(added), 2, "ms", "median of 9, one client");
        await ServeBatchAsync(client, timed, batch, outputTokens).ConfigureAwait(false);
    }

    private async Task ServeBatchAsync(HttpClient client, TimedRunner timed, int batch, int outputTokens)
    {
        timed.Durations.Clear();
        steps.Clear();
        long begin = TimeProvider.System.GetTimestamp();
        ClientTimes[] times = await Task.WhenAll(
            Enumerable.Range(0, batch).Select(index => StreamAsync(client, index, outputTokens))).ConfigureAwait(false);
        double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        report.Measure($"serving: tokens/s at batch {batch}", batch * outputTokens / seconds, "tokens/s", $"{promptTokens} tokens in, {outputTokens} out");

        // From one full step's start to the next one's: the bare step and all that happens between two of them.
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
        report.AtMost($"serving: added to a step by HTTP and scheduling, batch {batch}", overhead, 0.5, "ms",
            FormattableString.Invariant($"median of {between.Count} steps of {SpeedChecks.Median(between):0.00} ms"));
        report.Measure($"serving: bare step while serving, batch {batch}", SpeedChecks.Median(bare), "ms");
        report.Measure($"serving: client's median TBT, batch {batch}", SpeedChecks.Median([.. times.SelectMany(item => item.GapsSeconds)]) * 1e3, "ms");
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
        long begin = TimeProvider.System.GetTimestamp();
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync().ConfigureAwait(false));
        List<double> arrivals = [];
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                arrivals.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
            }
        }

        return new ClientTimes(arrivals[0], [.. arrivals.Zip(arrivals.Skip(1), (earlier, later) => later - earlier)]);
    }

    private sealed record ClientTimes(double FirstTokenSeconds, double[] GapsSeconds);
}
