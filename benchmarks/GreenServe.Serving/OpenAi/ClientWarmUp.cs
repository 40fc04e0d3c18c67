using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>
/// Sends a few thousand chunks from a socket of this process through the whole load generator and into a record that is thrown away,
/// so that all its code is compiled before the first measured request. Without this warm-up the first requests of a run are tens of
/// milliseconds late, and the first ones to end hold up the reading of all others.
/// </summary>
internal sealed class ClientWarmUp : IAsyncDisposable
{
    /// <summary>
    /// The runtime compiles a method that is used often twice more, first with counters and then for speed, each time after a pause.
    /// </summary>
    private const int Rounds = 3;

    /// <summary>
    /// Requests of one round. With their tokens they are about 2,000 chunks, far above the 30 calls that make a method hot.
    /// </summary>
    private const int Requests = 64;

    /// <summary>Requests in flight: more than one, so that waiting for a place is compiled too.</summary>
    private const int MaxInFlight = 4;

    /// <summary>Tokens of each output, one a chunk.</summary>
    private const int OutputTokens = 32;

    /// <summary>Tokens of each prompt.</summary>
    private const int InputTokens = 64;

    /// <summary>Time between two requests (s): a whole round takes a few hundredths of a second.</summary>
    private const double ArrivalGapSeconds = 0.0005;

    /// <summary>The runtime compiles hot methods in the background once nothing new has been compiled for 100 ms.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Dialects whose code has been compiled, for each of the two ways to read a response. This is a property of the process, as compiled
    /// code is, and so the only state that backends share.
    /// </summary>
    private static readonly ConcurrentDictionary<(DialectName Dialect, bool ReadsDirectly), byte> Compiled = new();
    private static readonly LoadOptions Load = new() { MaxInFlight = MaxInFlight, RequestSeconds = 10, DrainSeconds = 10 };
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly byte[][] response;
    private readonly Task serving;

    private ClientWarmUp(Dialect dialect)
    {
        response = [.. ResponseOf(dialect)];
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>
    /// Warms up with the options of a run, once for each dialect in a process. How the requests end does not matter. HTTP/2 has no
    /// warm-up.
    /// </summary>
    internal static async Task RunAsync(OpenAiOptions options, ServerDescription server, CancellationToken cancellationToken)
    {
        Dialect dialect = DialectCatalog.Find(server.Dialect);
        if (options.UsesHttp2 || !Compiled.TryAdd((dialect.Name, options.ReadsDirectly), 0))
        {
            return;
        }

        await using ClientWarmUp warmUp = new(dialect);
        OpenAiOptions toWarmUp = options with
        {
            Endpoint = warmUp.Endpoint,
            ApiKey = null,
            Headers = [],
            Tls = null,
            Readers = 1,
            ReadsDirectly = options.ReadsDirectly,
        };
        await using OpenAiBackend backend = OpenAiBackend.For(toWarmUp, server);
        RequestSchedule schedule = new([.. Enumerable.Range(0, Requests).Select(id => new ScheduledRequest(
            id, id * ArrivalGapSeconds, default, InputTokens, OutputTokens))]);
        for (int round = 0; round < Rounds; round++)
        {
            await RunOnceAsync(backend, schedule, options.Time, cancellationToken).ConfigureAwait(false);
            await Task.Delay(Pause, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunOnceAsync(
        OpenAiBackend backend, RequestSchedule schedule, TimeProvider time, CancellationToken cancellationToken)
    {
        using ScratchFolder folder = ScratchFolder.Create("warm-up");
        using RunRecordWriter record = RunRecordWriter.Create(folder.Path, Manifest(backend.Server));
        LoadRun run = new()
        {
            Schedule = schedule,
            Backend = backend,
            Clock = RunClock.Start(time),
            Record = record,
            Options = Load,
        };
        LoadOutcome outcome = await LoadGenerator.RunAsync(run, cancellationToken).ConfigureAwait(false);
        record.Complete(manifest => outcome.Complete(manifest));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        listener.Stop();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
        stop.Dispose();
    }

    private Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    private static RunManifest Manifest(ServerDescription server) => new()
    {
        WorkloadName = "warm-up",
        Workload = new JsonObject(),
        WorkloadSha256 = "",
        Model = server.Model,
        Knobs = new Knobs(),
        Backend = BackendKind.OpenAI,
        Evidence = EvidenceKind.Simulated,
        Environment = RunEnvironment.Host(),
        Seed = 0,
        Verdict = RunVerdict.Interrupted,
    };

    private async Task ServeAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket socket = await listener.AcceptSocketAsync(stop.Token).ConfigureAwait(false);
            _ = AnswerAsync(socket);
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[64 * 1024];
            try
            {
                // The client sends a request in one piece here: headers and a body of a few hundred bytes.
                while (await socket.ReceiveAsync(buffer, stop.Token).ConfigureAwait(false) > 0)
                {
                    foreach (byte[] piece in response)
                    {
                        await socket.SendAsync(piece, SocketFlags.None, stop.Token).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The client has closed the connection, or the warm-up is over.
            }
        }
    }

    /// <summary>One response in the dialect's format, in pieces that are sent one after the other.</summary>
    private static IEnumerable<byte[]> ResponseOf(Dialect dialect)
    {
        string type = dialect.Format == StreamFormat.JsonLines ? "application/x-ndjson" : "text/event-stream";
        yield return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int token = 1; token <= OutputTokens; token++)
        {
            yield return Chunk(dialect, EventOf(dialect.Name, token));
        }

        if (dialect.EndsWithDone)
        {
            yield return Chunk(dialect, "[DONE]");
        }

        yield return Encoding.ASCII.GetBytes("0\r\n\r\n");
    }

    private static string EventOf(DialectName name, int token)
    {
        bool isLast = token == OutputTokens;
        return name switch
        {
            DialectName.OllamaNative when isLast =>
                $$"""{"model":"m","response":"","done":true,"eval_count":{{token}},"prompt_eval_count":{{InputTokens}}}""",
            DialectName.OllamaNative => """{"model":"m","response":" a","done":false}""",
            DialectName.TgiGenerate when isLast =>
                $$"""{"details":{"generated_tokens":{{token}},"seed":null},"token":{"id":1,"text":" a"},"index":0}""",
            DialectName.TgiGenerate => """{"token":{"id":1,"text":" a"},"details":null}""",
            _ => $$"""{"usage":{"completion_tokens":{{token}},"prompt_tokens":{{InputTokens}}},"choices":[{{ChoiceOf(isLast)}}]}""",
        };
    }

    private static string ChoiceOf(bool isLast) =>
        $$"""{"text":" a","finish_reason":{{(isLast ? "\"length\"" : "null")}},"index":0}""";

    private static byte[] Chunk(Dialect dialect, string data)
    {
        string text = dialect.Format == StreamFormat.JsonLines ? $"{data}\n" : $"data: {data}\n\n";
        return Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");
    }
}
