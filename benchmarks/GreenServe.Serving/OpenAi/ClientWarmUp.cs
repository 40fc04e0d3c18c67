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
/// so that all its code is compiled before the first measured request. Without it the first requests of a run are tens of milliseconds
/// late, and the first ones to end hold up the reading of all others.
/// </summary>
internal sealed class ClientWarmUp : IAsyncDisposable
{
    private const int Rounds = 3;
    private const int Requests = 64;
    private const int AtOnce = 4;
    private const int Tokens = 32;

    // The runtime compiles what is used often anew, in the background, once nothing new has been compiled for 100 ms; twice in a life.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly ConcurrentDictionary<DialectName, byte> Done = new();
    private static readonly LoadOptions Load = new() { MaxInFlight = AtOnce, RequestSeconds = 10, DrainSeconds = 10 };
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly byte[][] answer;
    private readonly Task serving;

    private ClientWarmUp(Dialect dialect)
    {
        answer = [.. Answer(dialect)];
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Rehearses with the options of a run, once for each dialect in a process; how its requests end does not matter.</summary>
    internal static async Task RunAsync(OpenAiOptions options, ServerDescription server, CancellationToken cancellationToken)
    {
        Dialect dialect = DialectCatalog.Find(server.Dialect);
        if (options.UsesHttp2 || !Done.TryAdd(dialect.Name, 0))
        {
            return;
        }

        await using ClientWarmUp rehearsal = new(dialect);
        OpenAiOptions rehearsed = options with { Endpoint = rehearsal.Endpoint, ApiKey = null, Readers = 1 };
        await using OpenAiBackend backend = OpenAiBackend.For(rehearsed, server);
        RequestSchedule schedule = new([.. Enumerable.Range(0, Requests).Select(id => new ScheduledRequest(id, id * 0.0005, default, 64, Tokens))]);
        for (int round = 0; round < Rounds; round++)
        {
            await RunOnceAsync(backend, server, schedule, cancellationToken).ConfigureAwait(false);
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RunOnceAsync(
        OpenAiBackend backend, ServerDescription server, RequestSchedule schedule, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("greenserve-rehearsal-");
        try
        {
            using RunRecordWriter record = RunRecordWriter.Create(folder.FullName, Manifest(server));
            LoadOutcome outcome = await LoadGenerator
                .RunAsync(schedule, backend, RunClock.Start(TimeProvider.System), record, Load, cancellationToken).ConfigureAwait(false);
            record.Complete(manifest => outcome.Complete(manifest));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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
        WorkloadName = "rehearsal",
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
                    foreach (byte[] piece in answer)
                    {
                        await socket.SendAsync(piece, SocketFlags.None, stop.Token).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The rehearsal is over.
            }
        }
    }

    /// <summary>One answer in the dialect's format, a piece a chunk.</summary>
    private static IEnumerable<byte[]> Answer(Dialect dialect)
    {
        string type = dialect.Format == StreamFormat.JsonLines ? "application/x-ndjson" : "text/event-stream";
        yield return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int token = 1; token <= Tokens; token++)
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
        bool isLast = token == Tokens;
        return name switch
        {
            DialectName.OllamaNative when isLast => $$"""{"model":"m","response":"","done":true,"eval_count":{{token}},"prompt_eval_count":64}""",
            DialectName.OllamaNative => """{"model":"m","response":" a","done":false}""",
            DialectName.TgiGenerate when isLast => $$"""{"details":{"generated_tokens":{{token}},"seed":null},"token":{"id":1,"text":" a"},"index":0}""",
            DialectName.TgiGenerate => """{"token":{"id":1,"text":" a"},"details":null}""",
            _ => $$"""{"usage":{"completion_tokens":{{token}},"prompt_tokens":64},"choices":[{"text":" a","finish_reason":{{(isLast ? "\"length\"" : "null")}},"index":0}]}""",
        };
    }

    private static byte[] Chunk(Dialect dialect, string data)
    {
        string text = dialect.Format == StreamFormat.JsonLines ? $"{data}\n" : $"data: {data}\n\n";
        return Encoding.ASCII.GetBytes($"{text.Length:x}\r\n{text}\r\n");
    }
}
