using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Serves <c>/v1/completions</c> and <c>/v1/chat/completions</c>.</summary>
internal sealed class CompletionHandler(IInferenceEngine engine, HttpServerOptions options, HttpServerMetrics metrics)
{
    // A longer id would swell every event of a stream; the server then uses a number of its own.
    private const int MaxClientIdLength = 200;
    private readonly RequestReader reader = new(engine);
    private long served;

    internal async Task HandleAsync(HttpContext context, bool isChat)
    {
        FaultKind fault = options.Faults?.Next() ?? FaultKind.None;
        if (await StatusFaults.AnswerAsync(context, fault, options.Clock).ConfigureAwait(false))
        {
            return;
        }

        string clientId = ReadClientId(context);
        string id = $"{(isChat ? "chatcmpl" : "cmpl")}-{clientId}";
        ParsedRequest request = await ReadAsync(context, isChat, id).ConfigureAwait(false);
        options.SendLog?.AddArrival(clientId, options.Clock.GetTimestamp());
        metrics.CountPrompt(request.Generation.Prompt.Length);

        ResponseScope scope = new(engine, options, metrics, clientId, StreamFaults.Alter(request, fault), fault);
        if (request.Streams)
        {
            await new StreamedResponse(scope, context).RunAsync().ConfigureAwait(false);
        }
        else
        {
            await new CollectedResponse(scope, context).RunAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads the client's name for the request. A request without a usable name gets a number.</summary>
    private string ReadClientId(HttpContext context)
    {
        string number = Interlocked.Increment(ref served).ToString(CultureInfo.InvariantCulture);
        string given = context.Request.Headers["X-Request-Id"].ToString();
        return given.Length is > 0 and <= MaxClientIdLength ? given : number;
    }

    private async Task<ParsedRequest> ReadAsync(HttpContext context, bool isChat, string id)
    {
        using JsonDocument body = await JsonBody.ReadAsync(context).ConfigureAwait(false);
        return reader.Read(body.RootElement, isChat, id);
    }
}

/// <summary>The objects that the response to one request needs.</summary>
/// <param name="Engine">Generates the tokens.</param>
/// <param name="Options">The options of the server.</param>
/// <param name="Metrics">Counts requests and tokens.</param>
/// <param name="ClientId">The client's name for the request.</param>
/// <param name="Request">What the client asks for, changed by the fault.</param>
/// <param name="Fault">The fault that the request suffers.</param>
internal sealed record ResponseScope(
    IInferenceEngine Engine,
    HttpServerOptions Options,
    HttpServerMetrics Metrics,
    string ClientId,
    ParsedRequest Request,
    FaultKind Fault)
{
    /// <summary>The number of tokens after which a fault inside the stream comes; 0 if the server has no fault plan.</summary>
    internal int FaultAfterTokens => Options.Faults?.AfterTokens ?? 0;
}
