using System.Globalization;
using System.Net;
using System.Text.Json;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.Prompts;
using GreenServe.Serving.Streams;
using GreenServe.Serving.Transport;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>Sends requests to an OpenAI-compatible server over HTTP and reads its streamed responses.</summary>
public sealed class OpenAiBackend : IServingBackend
{
    /// <summary>Bytes read of the body of a failed response: more than an error message needs.</summary>
    private const int MaxErrorBytes = 4096;

    /// <summary>Bytes of a request body besides its prompt, as an estimate for the first buffer.</summary>
    private const int BytesAroundPrompt = 256;

    /// <summary>Bytes of a prompt token, as an estimate for the first buffer: an id of five digits, a comma, or a word of text.</summary>
    private const int BytesPerToken = 8;

    /// <summary>Longest wait for the body of a failed response; the status alone already says what the failure was.</summary>
    private static readonly TimeSpan ErrorBodyLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest time after sending at which the end of a reused connection still means that the server had closed it before. The news is
    /// on its way already then, and takes a trip through the network. A later end comes from a server that had the request.
    /// </summary>
    private static readonly TimeSpan StaleLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Largest number of times that a request is sent. A server that closes every connection at its second request needs one more than
    /// there are open connections without a request; more than this speaks of another fault.
    /// </summary>
    private const int MaxAttempts = 16;

    /// <summary>Bytes with which a peer says goodbye under TLS: an alert of one record. The head of an answer is longer.</summary>
    private const int MaxGoodbyeBytes = 32;
    private readonly OpenAiOptions options;
    private readonly HttpConnections connections;
    private readonly Dialect dialect;
    private readonly PromptSource prompts;
    private readonly StreamRules rules;
    private readonly Uri address;

    private OpenAiBackend(OpenAiOptions options, HttpConnections connections, ServerDescription server)
    {
        this.options = options;
        this.connections = connections;
        Server = server;
        dialect = DialectCatalog.Find(server.Dialect);
        prompts = new PromptSource(options.Seed, server.Salt);
        rules = new StreamRules(dialect.EndsWithDone, server.FixesOutput, server.SendsTokenIds);
        address = connections.At(dialect.PathOf(options.IsChat));
    }

    /// <summary>Description of the server.</summary>
    public ServerDescription Server { get; }

    /// <summary>Number of connections opened so far.</summary>
    internal long ConnectionsOpened => connections.Opened;

    /// <summary>What the user should know of the server, one sentence each; empty if there is nothing.</summary>
    public IReadOnlyList<string> Notices { get; private init; } = [];

    /// <summary>The address of a path of the server, with the query of its endpoint.</summary>
    /// <param name="path">The path, relative to the root of the server.</param>
    public Uri AddressOf(string path) => connections.At(path);

    /// <summary>
    /// Opens a backend for a server that is asked what it is: it is reached, its model and dialect are found and, where prompts are text,
    /// it is found out how it counts them. Then the client warms up on a socket of its own process.
    /// </summary>
    /// <param name="options">Where and how to reach the server.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="Records.UnavailableException">The server cannot be reached or does not serve the model.</exception>
    public static async Task<OpenAiBackend> OpenAsync(OpenAiOptions options, CancellationToken cancellationToken)
    {
        HttpConnections connections = new(options);
        try
        {
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
            Model = Server.Model,
            IsChat = options.IsChat,
            OutputTokens = request.OutputTokens,
            FixesOutput = Server.FixesOutput,
            TokenIds = Server.SendsTokenIds
                ? new ReadOnlyMemory<int>(prompts.TokenIds(request, Server.LowestTokenId, Server.EndTokenId))
                : default(ReadOnlyMemory<int>?),
            Text = Server.SendsTokenIds ? null : TextOf(request, Server.TextLength),
        };
        return Write(request, content);
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
            using HttpResponseMessage response =
                await SendAsync((OpenAiRequest)request, trace, cancellationToken).ConfigureAwait(false);
            trace.ReceiptTimestamp();
            await ReadAsync(response, trace, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever a foreign server causes belongs in the row of this request and must not end the run.
            (RequestStatus status, string text) = FailureCategory.Of(exception, trace.CancelReason);
            trace.Fail(status, Redact(ErrorText.Clean(text)));
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

    /// <summary>The name under which the server sees a request: the header <c>X-Request-Id</c>.</summary>
    internal string NameOf(ScheduledRequest request) => string.Create(CultureInfo.InvariantCulture, $"{Server.Salt:x}-{request.Id}");

    private string TextOf(in ScheduledRequest request, TextLength length) =>
        prompts.Text(request, length.WordsFor(request.InputTokens), length.TokensPerWord);

    /// <summary>
    /// Sends a request. Where the server had closed a reused connection before the request reached it, the server never had the request,
    /// and it is sent again. Each attempt uses up one open connection, so that one of the next is on a new one.
    /// </summary>
    private async Task<HttpResponseMessage> SendAsync(OpenAiRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        TransportStream.Announce(trace);
        for (int attempt = 1; ; attempt++)
        {
            ((ITransportUser)trace).Connection = null;
            long asked = TimeProvider.System.GetTimestamp();
            using HttpRequestMessage message = new(HttpMethod.Post, address)
            {
                Content = request.ToContent(trace),
                Version = connections.Client.DefaultRequestVersion,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            message.Headers.TryAddWithoutValidation("X-Request-Id", NameOf(trace.Request));
            try
            {
                HttpResponseMessage response = await connections.Client
                    .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (((ITransportUser)trace).Connection is { } connection)
                {
                    connection.HasAnswered = true;
                }

                return response;
            }
            catch (HttpRequestException) when (
                attempt < MaxAttempts && MetAStaleConnection(trace, asked) && !cancellationToken.IsCancellationRequested)
            {
                trace.SendAfresh();
            }
        }
    }

    /// <summary>Whether a request failed because its connection, opened or used before, ended before any byte of its answer.</summary>
    private bool MetAStaleConnection(RequestTrace trace, long asked)
    {
        int goodbye = address.Scheme == Uri.UriSchemeHttps ? MaxGoodbyeBytes : 0;
        return ((ITransportUser)trace).Connection is { } connection
            && (connection.OpenedTimestamp < asked || connection.HasAnswered)
            && connection.BytesSinceWrite <= goodbye
            && TimeProvider.System.GetElapsedTime(asked) < StaleLimit;
    }

    private async Task ReadAsync(HttpResponseMessage response, RequestTrace trace, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            string answer = await DescribeFailureAsync(response, cancellationToken).ConfigureAwait(false);
            trace.Fail(FailureCategory.Of(response.StatusCode), Redact(answer));
            return;
        }

        if (response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string>? names))
        {
            trace.ServerId = ErrorText.Clean(names.First());
        }

        OutputReading reading = new(trace, dialect.Chunks, rules);
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        Task read = dialect.Format == StreamFormat.JsonLines
            ? EventReader.ReadLinesAsync(body, reading, cancellationToken)
            : EventReader.ReadServerSentEventsAsync(body, reading, cancellationToken);
        await read.ConfigureAwait(false);
        if (reading.Finish(response.Content.Headers) is { } fault)
        {
            trace.Fail(fault.Status, Redact(fault.Message));
        }
    }

    /// <summary>
    /// Describes a failed response in one line: the status, <c>Retry-After</c> or the target of a redirect, and the beginning of
    /// the body.
    /// </summary>
    private async Task<string> DescribeFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return $"{status}: redirect to {TargetOf(response)}, not followed";
        }

        using CancellationTokenSource timeout = new(ErrorBodyLimit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        byte[] start = new byte[MaxErrorBytes];
        Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
        string retry = response.Headers.RetryAfter is { } after ? $" (retry after {after})" : "";
        return $"{status}{retry}: {ErrorText.Clean(start.AsSpan(0, length))}";
    }

    /// <summary>The target of a redirect: another host, or a path of this server. A query may hold secrets and is left out.</summary>
    private static string TargetOf(HttpResponseMessage response)
    {
        // The header is read as text, since the parsed one takes a path for a file on some systems.
        string? location = response.Headers.TryGetValues("Location", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        Uri? asked = response.RequestMessage?.RequestUri;
        string target = string.IsNullOrWhiteSpace(location) || !Uri.TryCreate(asked, location, out Uri? uri) ? "nowhere"
            : uri.Authority == asked?.Authority ? $"{uri.AbsolutePath} of this server"
            : uri.Host;
        return ErrorText.Clean(target);
    }

    private OpenAiRequest Write(ScheduledRequest request, RequestContent content)
    {
        PooledBufferWriter buffer = new(BytesAroundPrompt + (request.InputTokens * BytesPerToken));
        using (Utf8JsonWriter json = new(buffer))
        {
            dialect.WriteBody(json, content);
        }

        (byte[] body, int length) = buffer.Detach();
        return new OpenAiRequest(request, body, length);
    }

    private string Redact(string text) => options.Redact(text);
}
