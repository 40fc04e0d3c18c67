using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Serves <c>/v1/completions</c> and <c>/v1/chat/completions</c>.</summary>
internal sealed class CompletionHandler(IInferenceEngine engine, HttpServerOptions options, HttpServerMetrics metrics)
{
    private readonly RequestReader reader = new(engine);
    private long served;

    internal async Task HandleAsync(HttpContext context, bool isChat)
    {
        FaultKind fault = options.Faults?.Next() ?? FaultKind.None;
        if (await StatusFaults.AnswerAsync(context, fault).ConfigureAwait(false))
        {
            return;
        }

        string number = Interlocked.Increment(ref served).ToString(System.Globalization.CultureInfo.InvariantCulture);
        string clientId = context.Request.Headers["X-Request-Id"].ToString() is { Length: > 0 and <= 200 } given ? given : number;
        string id = $"{(isChat ? "chatcmpl" : "cmpl")}-{clientId}";
        ParsedRequest request = await ReadAsync(context, isChat, id).ConfigureAwait(false);
        options.SendLog?.Add(clientId, -1, 0, TimeProvider.System.GetTimestamp());
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

    private async Task<ParsedRequest> ReadAsync(HttpContext context, bool isChat, string id)
    {
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted).ConfigureAwait(false);
            return reader.Read(body.RootElement, isChat, id);
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Invalid("body", $"The request body is not valid JSON: {exception.Message}"));
        }
    }
}
