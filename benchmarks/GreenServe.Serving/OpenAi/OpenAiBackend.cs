using System.Globalization;
using System.Net;
using System.Text.Json;
using GreenServe.Records.Requests;
using GreenServe.Serving.Buffers;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Http1;
using GreenServe.Serving.Load;
using GreenServe.Serving.Prompts;
using GreenServe.Serving.Streams;
using GreenServe.Serving.Transport;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>Sends requests to an OpenAI-compatible server over HTTP and reads its streamed responses.</summary>
public sealed class OpenAiBackend : IServingBackend
{
    /// <summary>Bytes of a request body besides its prompt, as an estimate for the first buffer.</summary>
    private const int BytesAroundPrompt = 256;

    /// <summary>Bytes of a prompt token, as an estimate for the first buffer: an id of five digits, a comma, or a word of text.</summary>
    private const int BytesPerToken = 8;
    private readonly OpenAiOptions options;
    private readonly HttpConnections connections;
    private readonly Dialect dialect;
    private readonly PromptSource prompts;
    private readonly StreamRules rules;
    private readonly Uri address;
    private readonly RequestHead? head;
    private readonly bool isChat;

    private OpenAiBackend(OpenAiOptions options, HttpConnections connections, ServerDescription server)
    {
        this.options = options;
        this.connections = connections;
        Server = server;
        dialect = DialectCatalog.Find(server.Dialect);
        prompts = new PromptSource(options.Seed, server.Salt);
        rules = new StreamRules(dialect.EndsWithDone, server.FixesOutput, server.SendsTokenIds, options.CountsEvents);
        isChat = options.IsChat || server.IsChat;
        address = connections.At(dialect.PathOf(isChat));
        head = connections.Direct is null ? null : new RequestHead(address, options.ApiKey, options.Headers);
    }

    /// <summary>Description of the server.</summary>
    public ServerDescription Server { get; }

    /// <summary>Number of connections opened so far.</summary>
    internal long ConnectionsOpened => connections.Opened;

    /// <summary>Room that the head of a request of this endpoint needs, in bytes.</summary>
    internal int HeadBytes => head?.MaxBytes ?? 0;

    /// <summary>Room to leave in front of each body for longer heads of other endpoints, in bytes; 0 for none.</summary>
    internal int ReservedHeadBytes { get; set; }

    /// <summary>What the user should know of the server, one sentence each; empty if there is nothing.</summary>
    public IReadOnlyList<string> Notices { get; private init; } = [];

    /// <summary>What a record must say of the requests of a schedule besides the workload, one sentence each.</summary>
    public IReadOnlyList<string> NotesOn(RequestSchedule schedule) =>
        options.Adapters is { } adapters ? [.. Notices, adapters.Describe(options.Seed, schedule.Requests)] : Notices;

    /// <summary>The address of a path of the server, with the query of its endpoint.</summary>
    /// <param name="path">The path, relative to the root of the server.</param>
    public Uri AddressOf(string path) => connections.At(path);

    /// <summary>
    /// Opens a backend for a server that is asked what it is: it is reached, its model and dialect are found and, where prompts are text,
    /// it is found out how it counts them. Then the client warms up on a socket of its own process.
    /// </summary>
    /// <param name="options">Where and how to reach the server.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="waiting">Receives a sentence while the server is not ready; <c>null</c> for nobody.</param>
    /// <exception cref="Records.UnavailableException">The server cannot be reached or does not serve the model.</exception>
    public static async Task<OpenAiBackend> OpenAsync(
        OpenAiOptions options, CancellationToken cancellationToken, IProgress<string>? waiting = null)
    {
        HttpConnections connections = new(options);
        try
        {
            await new ServerReadiness(connections, options, waiting).WaitAsync(cancellationToken).ConfigureAwait(false);
            ServerProbe probe = new(connections, options);
            ServerDescription server = await probe.DescribeAsync(cancellationToken).ConfigureAwait(false);
            await ClientWarmUp.RunAsync(options, server, cancellationToken).ConfigureAwait(false);
            return new OpenAiBackend(options, connections, server) { Notices = probe.Notices };
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    /// <summary>Opens a backend for a server that is described already. Nothing is sent.</summary>
    /// <param name="options">Where and how to reach the server.</param>
    /// <param name="server">What is known of the server.</param>
    public static OpenAiBackend For(OpenAiOptions options, ServerDescription server) => On(new HttpConnections(options), options, server);

    /// <summary>Makes a backend on connections that are there. Disposing it closes them.</summary>
    internal static OpenAiBackend On(HttpConnections connections, OpenAiOptions options, ServerDescription server) =>
        new(options, connections, server);

    /// <inheritdoc />
    public PreparedRequest Prepare(ScheduledRequest request)
    {
        RequestContent content = new()
        {
            Model = options.Adapters?.Of(options.Seed, request.Id) ?? Server.Model,
            IsChat = isChat,
            Members = options.Members,
            Sampling = options.Sampling,
            LimitsCompletion = Server.LimitsCompletion,
            OutputTokens = request.OutputTokens,
            FixesOutput = Server.FixesOutput,
        };
        return Write(request, WithPrompt(content, request));
    }

    /// <inheritdoc />
    public Task OpenConnectionsAsync(int count, CancellationToken cancellationToken) =>
        options.UsesHttp2 ? Task.CompletedTask : connections.OpenAheadAsync(count, cancellationToken);

    /// <inheritdoc />
    public async Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        trace.Issue();
        try
        {
            await (connections.Direct is { } direct
                ? ServeDirectlyAsync(direct, (OpenAiRequest)request, trace, cancellationToken)
                : ServeThroughClientAsync((OpenAiRequest)request, trace, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever a foreign server causes belongs in the row of this request and must not end the run.
            (RequestStatus status, string text) = FailureCategory.Of(exception, trace.CancelReason);
            trace.Fail(status, options.Redact(ErrorText.Clean(text)));
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <inheritdoc />
    public ReadingSelfCheck CheckReading() =>
        new(connections.Transport.ReceiptClock, connections.Transport.ReadReceiveLags(), connections.Transport.ReadBusySeconds());

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        connections.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a request that another endpoint wrote a request of this one.</summary>
    internal void TakeOver(OpenAiRequest request) => request.WriteHead(head, NameOf(request.Request));

    /// <summary>The name under which the server sees a request: the header <c>X-Request-Id</c>.</summary>
    internal string NameOf(ScheduledRequest request) => string.Create(CultureInfo.InvariantCulture, $"{Server.Salt:x}-{request.Id}");

    private RequestContent WithPrompt(in RequestContent content, in ScheduledRequest request)
    {
        if (request.Conversation is { } conversation)
        {
            int messages = conversation.MessagesOf(request.Turn ?? 0);
            return dialect.TakesMessages(isChat)
                ? content with { Conversation = conversation, Messages = messages }
                : content with { Text = ChatTranscript.Of(conversation, messages) };
        }

        return Server.SendsTokenIds
            ? content with { TokenIds = prompts.TokenIds(request, Server.LowestTokenId, Server.EndTokenId) }
            : content with { Text = TextOf(request, Server.TextLength) };
    }

    private string TextOf(in ScheduledRequest request, TextLength length) =>
        prompts.Text(request, length.WordsFor(request.InputTokens), length.TokensPerWord);

    /// <summary>The server's own name for a request; <c>null</c> where a response has none.</summary>
    internal static string? NameIn(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string>? names) ? ErrorText.Clean(names.First()) : null;

    private async Task ServeDirectlyAsync(
        Http1Connections direct, OpenAiRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        using DirectExchange exchange = new(trace, dialect, rules, options.Time);
        try
        {
            await StaleConnection
                .SendAsync(trace, address, () => direct.SendAsync(request.Message, exchange, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (IOException) when (exchange.Failed is not null)
        {
            // The status says what the failure was, and what came of the body is kept.
        }

        if (exchange.Failed is { } response)
        {
            Refuse(trace, response, exchange.Words);
        }
        else if (exchange.Finish() is { } fault)
        {
            trace.Fail(fault.Status, options.Redact(fault.Message));
        }
    }

    private async Task ServeThroughClientAsync(OpenAiRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        TransportStream.Announce(trace);
        HttpResponseMessage? answer = null;
        await StaleConnection
            .SendAsync(
                trace,
                address,
                async () => answer = await SendAsync(request, trace, cancellationToken).ConfigureAwait(false),
                cancellationToken)
            .ConfigureAwait(false);
        using HttpResponseMessage response = answer!;
        trace.ReceiptTimestamp();
        await ReadAsync(response, trace, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(OpenAiRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, address)
        {
            Content = request.ToContent(trace),
            Version = connections.Client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.TryAddWithoutValidation("X-Request-Id", NameOf(trace.Request));
        HttpResponseMessage response = await connections.Client
            .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (((ITransportUser)trace).Connection is { } connection)
        {
            connection.HasAnswered = true;
        }

        return response;
    }

    private async Task ReadAsync(HttpResponseMessage response, RequestTrace trace, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            byte[] words = await ReadWordsAsync(response, cancellationToken).ConfigureAwait(false);
            Refuse(trace, response, words);
            return;
        }

        trace.ServerId = NameIn(response);
        OutputReading reading = new(trace, dialect.Chunks, rules);
        using ResponseLines lines = dialect.LinesOf(reading);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await lines.ReadAsync(body, cancellationToken).ConfigureAwait(false);
        if (reading.Finish(response.Content.Headers) is { } fault)
        {
            trace.Fail(fault.Status, options.Redact(fault.Message));
        }
    }

    /// <summary>Reads the beginning of the body of a failed response.</summary>
    private async Task<byte[]> ReadWordsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!FailedResponse.HasWords(response))
        {
            return [];
        }

        using CancellationTokenSource timeout = new(FailedResponse.BodyLimit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        byte[] words = new byte[FailedResponse.MaxBytes];
        Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(words, words.Length, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
        return words[..length];
    }

    private void Refuse(RequestTrace trace, HttpResponseMessage response, ReadOnlySpan<byte> words) =>
        trace.Fail(FailureCategory.Of(response.StatusCode), options.Redact(FailedResponse.Describe(response, address, words)));

    private OpenAiRequest Write(ScheduledRequest request, RequestContent content)
    {
        int room = Math.Max(HeadBytes, ReservedHeadBytes);
        PooledBufferWriter buffer = new(room + BytesAroundPrompt + (request.InputTokens * BytesPerToken));
        buffer.Advance(room);
        using (Utf8JsonWriter json = new(buffer))
        {
            dialect.WriteBody(json, content);
        }

        (byte[] message, int end) = buffer.Detach();
        int headBytes = head?.WriteBefore(message.AsSpan(0, room), NameOf(request), end - room) ?? 0;
        return new OpenAiRequest(request, message, (room - headBytes)..room, room..end);
    }
}
