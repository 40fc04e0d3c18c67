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

/// <summary>
/// The client's side of an accuracy check. The load generator of ordinary runs receives streams from a server that logs what it sends
/// and when. <see cref="ClientAccuracyComparison"/> then compares both sides.
/// </summary>
public static class ClientAccuracyCheck
{
    /// <summary>Runs the load and returns what the client saw.</summary>
    /// <param name="endpoint">Root of a built-in server with a fixed schedule and a send log, on this host.</param>
    /// <param name="load">The streams to receive.</param>
    /// <param name="folder">Folder for the run record; new or empty.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <param name="onProgress">Is told what the load is doing, as in a run that is watched; <c>null</c> for nobody.</param>
    /// <returns>Each request as the client saw it, and what the load generator says of itself.</returns>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    public static async Task<(IReadOnlyList<ReceivedRequest> Requests, LoadOutcome Outcome)> RunAsync(
        Uri endpoint,
        ClientAccuracyLoad load,
        string folder,
        CancellationToken cancellationToken,
        Action<LoadProgress>? onProgress = null)
    {
        OpenAiOptions options = new() { Endpoint = endpoint, Dialect = DialectName.Vllm, UsesHttp2 = load.UsesHttp2 };
        options = load.Readers is { } readers ? options with { Readers = readers } : options;
        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);

        List<ReceivedRequest> received = [];
        using RunRecordWriter record = RunRecordWriter.Create(folder, ManifestOf(load, backend));
        LoadRun run = new()
        {
            Schedule = ScheduleOf(load),
            Backend = backend,
            Clock = RunClock.Start(TimeProvider.System),
            Record = record,
            OnProgress = onProgress,
            OnRequestEnd = trace => received.Add(
                new ReceivedRequest(backend.NameOf(trace.Request), trace.IssuedTimestamp, TokensOf(trace))),
        };
        LoadOutcome outcome = await LoadGenerator.RunAsync(run, cancellationToken).ConfigureAwait(false);
        record.Complete(manifest => outcome.Complete(manifest));
        return (received, outcome);
    }

    private static RequestSchedule ScheduleOf(ClientAccuracyLoad load)
    {
        RequestClass requestClass = new RequestClassCuts().Classify(load.InputTokens, load.TokensPerRequest);
        ScheduledRequest[] requests =
        [
            .. Enumerable.Range(0, load.Streams * ClientAccuracyLoad.RequestsPerStream).Select(id => new ScheduledRequest(
                id, 0, requestClass, load.InputTokens, load.TokensPerRequest)
            {
                ThinkSeconds = id < load.Streams ? load.RampSeconds * id / load.Streams : 0,
            }),
        ];
        return new RequestSchedule(requests, concurrency: load.Streams);
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
        WorkloadName = "client-accuracy",
        Workload = new JsonObject
        {
            ["streams"] = load.Streams,
            ["tokens_per_request"] = load.TokensPerRequest,
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

/// <summary>
/// The load of one accuracy check: a closed loop whose users each send <see cref="RequestsPerStream"/> requests of equal length. Its lag
/// is judged like that of any closed loop: from the second request of each user on.
/// </summary>
/// <param name="Streams">Number of streams at once, at least 1: the users.</param>
/// <param name="TokensPerRequest">Output tokens of each request, at least 1.</param>
/// <param name="RampSeconds">Time over which the users begin (s); 0 lets all begin at once.</param>
public sealed record ClientAccuracyLoad(int Streams, int TokensPerRequest, double RampSeconds)
{
    /// <summary>Requests that each user sends: one to begin with, and one that is sent in the midst of the load.</summary>
    public const int RequestsPerStream = 2;

    /// <summary>Input tokens of each request, at least 1.</summary>
    /// <value>32.</value>
    public int InputTokens { get; init; } = 32;

    /// <summary>Whether to speak HTTP/2.</summary>
    /// <value><c>false</c>: HTTP/1.1.</value>
    public bool UsesHttp2 { get; init; }

    /// <summary>Number of threads that read responses, at least 1.</summary>
    /// <value><c>null</c>: the default of <see cref="OpenAiOptions.Readers"/>.</value>
    public int? Readers { get; init; }
}

/// <summary>One request as the client saw it.</summary>
/// <param name="Name">Name of the request in the server's send log.</param>
/// <param name="IssuedTimestamp">When sending began; <c>null</c> for a request that was not sent.</param>
/// <param name="TokenTimestamps">When each token was received, in order.</param>
public sealed record ReceivedRequest(string Name, long? IssuedTimestamp, IReadOnlyList<long> TokenTimestamps);
