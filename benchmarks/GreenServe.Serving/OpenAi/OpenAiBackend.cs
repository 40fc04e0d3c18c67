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

/// <summary>Any OpenAI-compatible server, over HTTP with streaming.</summary>
public sealed class OpenAiBackend : IServingBackend
{
    private const int LargestErrorBytes = 4096;
    private static readonly TimeSpan ErrorBodyLimit = TimeSpan.FromSeconds(5);
    private readonly OpenAiOptions options;
    private readonly HttpConnections connections;
    private readonly Dialect dialect;
    private readonly PromptSource prompts;
    private readonly StreamRules rules;
    private readonly Uri path;

    private OpenAiBackend(OpenAiOptions options, HttpConnections connections, ServerDescription server)
    {
        this.options = options;
        this.connections = connections;
        Server = server;
        dialect = DialectCatalog.Find(server.Dialect);
        prompts = new PromptSource(options.Seed, server.Salt);
        rules = new StreamRules(dialect.EndsWithDone, server.FixesOutput, server.SendsTokenIds);
        path = new Uri(dialect.PathOf(options.IsChat), UriKind.Relative);
    }

    /// <summary>What was found out about the server before the run.</summary>
    public ServerDescription Server { get; }

    /// <summary>Connections opened so far.</summary>
    public long ConnectionsOpened => connections.Opened;

    /// <summary>Root of the server, from which all paths start.</summary>
    public Uri Root => connections.Client.BaseAddress!;

    /// <summary>Reaches the server, finds its model and dialect and, where prompts are text, learns how it counts them.</summary>
    /// <exception cref="Records.UnavailableException">The server cannot be reached or does not serve the model.</exception>
    public static async Task<OpenAiBackend> OpenAsync(OpenAiOptions options, CancellationToken cancellationToken)
    {
        HttpConnections connections = new(options);
        try
        {
            ServerDescription server = await new ServerProbe(connections.Client, options).DescribeAsync(cancellationToken).ConfigureAwait(false);
            await ClientWarmUp.RunAsync(options, server, cancellationToken).ConfigureAwait(false);
            return new OpenAiBackend(options, connections, server);
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    /// <summary>A backend for a server that is described already; nothing is sent.</summary>
    public static OpenAiBackend For(OpenAiOptions options, ServerDescription server) => new(options, new HttpConnections(options), server);

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
            Text = Server.SendsTokenIds ? null : prompts.Text(request, Server.TextLength.WordsFor(request.InputTokens)),
        };
        return Write(request, content);
    }

    /// <inheritdoc />
    public async Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        trace.Issue();
        try
        {
            TransportStream.Announce(trace);
            using HttpRequestMessage message = new(HttpMethod.Post, path)
            {
                Content = ((OpenAiRequest)request).ToContent(),
                Version = connections.Client.DefaultRequestVersion,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            message.Headers.TryAddWithoutValidation("X-Request-Id", NameOf(trace.Request));
            using HttpResponseMessage response = await connections.Client
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            trace.ReceiptTimestamp();
            await ReadAsync(response, trace, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever a foreign server provokes belongs into this request's row and must not end the run.
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

    /// <summary>The name under which the server sees a request.</summary>
    internal string NameOf(ScheduledRequest request) => string.Create(CultureInfo.InvariantCulture, $"{Server.Salt:x}-{request.Id}");

    private async Task ReadAsync(HttpResponseMessage response, RequestTrace trace, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            string answer = await DescribeAsync(response, cancellationToken).ConfigureAwait(false);
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
        reading.Finish();
    }

    /// <summary>Status, Retry-After or target, and the beginning of the body.</summary>
    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return $"{status}: redirect to {ErrorText.Clean(response.Headers.Location?.Host ?? "nowhere")}, not followed";
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ErrorBodyLimit);
        byte[] start = new byte[LargestErrorBytes];
        Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        int length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, limit.Token).ConfigureAwait(false);
        string retry = response.Headers.RetryAfter is { } after ? $" (retry after {after})" : "";
        return $"{status}{retry}: {ErrorText.Clean(start.AsSpan(0, length))}";
    }

    private OpenAiRequest Write(ScheduledRequest request, RequestContent content)
    {
        PooledBufferWriter buffer = new(256 + (request.InputTokens * 8));
        using (Utf8JsonWriter json = new(buffer))
        {
            dialect.WriteBody(json, content);
        }

        (byte[] body, int length) = buffer.Detach();
        return new OpenAiRequest(request, body, length);
    }

    private string Redact(string text) => options.ApiKey?.Redact(text) ?? text;
}
