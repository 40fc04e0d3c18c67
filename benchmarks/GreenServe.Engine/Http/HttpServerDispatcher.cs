using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Finds the endpoint of a request, checks the key, and turns every failure into an error object.</summary>
internal sealed class HttpServerDispatcher
{
    private const string ModelPath = "/v1/models/";
    private readonly IInferenceEngine engine;
    private readonly HttpServerMetrics metrics;
    private readonly CompletionHandler completions;
    private readonly byte[]? authorization;

    internal HttpServerDispatcher(IInferenceEngine engine, HttpServerOptions options)
    {
        this.engine = engine;
        metrics = new HttpServerMetrics(engine, options.Meter);
        completions = new CompletionHandler(engine, options, metrics);
        authorization = options.ApiKey is { } key ? Encoding.UTF8.GetBytes($"Bearer {key}") : null;
    }

    internal async Task HandleAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context).ConfigureAwait(false);
        }
        catch (ApiException exception)
        {
            await AnswerAsync(context, exception.Error).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, ApiError.Refused(exception.StatusCode, exception.Message)).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left, so nobody would read an error.
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        string method = context.Request.Method;
        switch (context.Request.Path.Value)
        {
            case "/v1/completions":
                Require(context, HttpMethods.IsPost(method));
                return completions.HandleAsync(context, isChat: false);
            case "/v1/chat/completions":
                Require(context, HttpMethods.IsPost(method));
                return completions.HandleAsync(context, isChat: true);
            case "/v1/models":
                Require(context, HttpMethods.IsGet(method));
                return WriteModelsAsync(context);
            case { } path when path.StartsWith(ModelPath, StringComparison.Ordinal):
                Require(context, HttpMethods.IsGet(method));
                return WriteModelAsync(context, Uri.UnescapeDataString(path[ModelPath.Length..]));
            case "/metrics":
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                return context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
            case "/health":
                return Task.CompletedTask;
            default:
                throw new ApiException(ApiError.Refused(404, $"There is nothing at {context.Request.Path.Value}."));
        }
    }

    private void Require(HttpContext context, bool hasRightMethod)
    {
        if (!hasRightMethod)
        {
            throw new ApiException(ApiError.Refused(405, $"{context.Request.Method} is not supported here."));
        }

        byte[] sent = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (authorization is not null && !CryptographicOperations.FixedTimeEquals(sent, authorization))
        {
            throw new ApiException(ApiError.Refused(401, "The API key is missing or wrong.", code: "invalid_api_key"));
        }
    }

    private Task WriteModelsAsync(HttpContext context) => WriteAsync(context, new { @object = "list", data = new[] { DescribeModel() } });

    /// <summary>Describes the model with a name. A name may hold slashes, which a client may write as <c>%2F</c>.</summary>
    private Task WriteModelAsync(HttpContext context, string name) => name == engine.Model.Name
        ? WriteAsync(context, DescribeModel())
        : throw new ApiException(ApiError.ModelNotFound(name, engine.Model.Name));

    private object DescribeModel() => new
    {
        id = engine.Model.Name,
        @object = "model",
        created = 0,
        owned_by = engine.Model.IsSimulated ? "greenserve-simulated" : "greenserve",
        max_model_len = engine.Model.ContextTokens,
        vocabulary_size = engine.Model.VocabularySize,
    };

    private static Task WriteAsync(HttpContext context, object answer)
    {
        context.Response.ContentType = "application/json";
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(answer, ReadableJson.Options);
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    private static async Task AnswerAsync(HttpContext context, ApiError error)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(error.ToJson(), CancellationToken.None).ConfigureAwait(false);
    }
}
