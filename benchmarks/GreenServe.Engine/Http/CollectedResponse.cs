using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Answers one request with one JSON object when the output is complete.</summary>
internal sealed class CollectedResponse(ResponseScope scope, HttpContext context)
{
    private readonly TimeProvider clock = scope.Options.Clock;

    internal async Task RunAsync()
    {
        GenerationStream stream = new(resumesInline: false);
        OutputText output = new(scope);
        StringBuilder text = new();
        List<int> tokenIds = [];
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        long previous = clock.GetTimestamp();
        scope.Engine.Submit(scope.Request.Generation, stream, ending.Token);
        FinishReason? finished = null;
        string? problem = null;
        while (finished is null)
        {
            await stream.WaitAsync().ConfigureAwait(false);
            List<int> tokens = stream.Take(out finished, out problem);
            if (tokens.Count > 0)
            {
                long now = clock.GetTimestamp();
                double seconds = clock.GetElapsedTime(previous, now).TotalSeconds;
                scope.Metrics.CountTokens(tokens.Count, seconds, isFirst: tokenIds.Count == 0);
                previous = now;
            }

            text.Append(output.Append(tokens));
            tokenIds.AddRange(tokens);
            if (output.HasStopped)
            {
                finished = FinishReason.Stop;
                await ending.CancelAsync().ConfigureAwait(false);
            }
        }

        scope.Metrics.CountFinish(finished.Value);
        if (finished == FinishReason.Cancelled)
        {
            return;
        }

        if (finished == FinishReason.Error)
        {
            throw new ApiException(ApiError.Internal(problem));
        }

        text.Append(output.Flush());
        string reason = FinishReasonNames.NameOf(finished.Value);
        await WriteAsync(text.ToString(), [.. tokenIds.Take(output.Tokens)], reason).ConfigureAwait(false);
    }

    private async Task WriteAsync(string text, int[] tokenIds, string finishReason)
    {
        ParsedRequest request = scope.Request;
        context.Response.ContentType = "application/json";
        await using Utf8JsonWriter json = new(context.Response.BodyWriter, ReadableJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id", request.Generation.Id);
        json.WriteString("object", request.IsChat ? "chat.completion" : "text_completion");
        json.WriteNumber("created", clock.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("model", scope.Engine.Model.Name);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        if (request.IsChat)
        {
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", text);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text", text);
        }

        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        if (request.ReturnsTokenIds)
        {
            json.WritePropertyName("token_ids");
            JsonSerializer.Serialize(json, tokenIds);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", request.Generation.Prompt.Length);
        json.WriteNumber("total_tokens", request.Generation.Prompt.Length + tokenIds.Length);
        json.WriteNumber("completion_tokens", tokenIds.Length);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
