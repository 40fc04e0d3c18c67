using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.ClientAccuracy;

/// <summary>The client's side of a truth test: the very load generator of a run, against a server that logs what it sends.</summary>
public static class ClientAccuracyCheck
{
    /// <summary>Runs the load and gives back what the client saw.</summary>
    /// <param name="endpoint">A built-in server with a fixed schedule and a send log.</param>
    /// <param name="load">The load.</param>
    /// <param name="folder">New folder for the run record that this leaves as any run does.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<(IReadOnlyList<ReceivedRequest> Requests, LoadOutcome Outcome)> RunAsync(
        Uri endpoint, ClientAccuracyLoad load, string folder, CancellationToken cancellationToken)
    {
        OpenAiOptions options = new() { Endpoint = endpoint, Dialect = DialectName.Vllm, UsesHttp2 = load.UsesHttp2 };
        options = load.Readers is { } readers ? options with { Readers = readers } : options;
        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);

        RequestSchedule schedule = ScheduleOf(load);
        List<ReceivedRequest> received = [];
        using RunRecordWriter record = RunRecordWriter.Create(folder, ManifestOf(load, backend));
        LoadOutcome outcome = await LoadGenerator.RunAsync(
            schedule,
            backend,
            RunClock.Start(TimeProvider.System),
            record,
            new LoadOptions(),
            trace => received.Add(new ReceivedRequest(backend.NameOf(trace.Request), trace.IssuedTimestamp ?? 0, TokensOf(trace))),
            cancellationToken).ConfigureAwait(false);
        record.Complete(manifest => outcome.Complete(manifest));
        return (received, outcome);
    }

    private static RequestSchedule ScheduleOf(ClientAccuracyLoad load)
    {
        RequestClass requestClass = new RequestClassCuts().Classify(load.InputTokens, load.TokensPerStream);
        return new RequestSchedule([.. Enumerable.Range(0, load.Streams).Select(stream => new ScheduledRequest(
            stream, load.RampSeconds * stream / load.Streams, requestClass, load.InputTokens, load.TokensPerStream))]);
    }

    private static long[] TokensOf(RequestTrace trace)
    {
        List<long> tokens = new(trace.Request.OutputTokens);
        foreach (ChunkReceipt chunk in trace.Chunks)
        {
            tokens.AddRange(Enumerable.Repeat(chunk.Timestamp, chunk.Tokens));
        }

        return [.. tokens];
    }

    private static RunManifest ManifestOf(ClientAccuracyLoad load, OpenAiBackend backend) => new()
    {
        WorkloadName = "truth",
        Workload = new JsonObject
        {
            ["streams"] = load.Streams,
            ["tokens_per_stream"] = load.TokensPerStream,
            ["ramp_seconds"] = load.RampSeconds,
        },
        WorkloadSha256 = "",
        Model = backend.Server.Model,
        Knobs = new Knobs(),
        Backend = BackendKind.OpenAI,
        Evidence = EvidenceKind.Measured,
        Environment = RunEnvironment.Host(),
        Seed = 0,
        Verdict = RunVerdict.Interrupted,
    };
}
