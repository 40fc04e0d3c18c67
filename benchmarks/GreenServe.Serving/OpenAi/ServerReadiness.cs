using System.Globalization;
using System.Net;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Requests;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.OpenAi;

/// <summary>Waits until a server answers. A server that is starting or loads its model is no failure.</summary>
/// <param name="connections">The connections to the server.</param>
/// <param name="options">Where the server is, and how long to wait.</param>
/// <param name="waiting">Receives a sentence when the wait begins and when its reason changes.</param>
/// <remarks>
/// <para>
/// A server is not ready if it refuses connections, breaks them off or does not answer, or if it answers <c>health</c> or the model list
/// with 429, 502, 503 or 504. Everything else is an answer: a wrong model, a wrong key or a bad certificate is not waited for.
/// </para>
/// <para>
/// vLLM and Text Generation Inference listen when they are ready. SGLang and the server of llama.cpp answer <c>health</c> with 503 while
/// they load; the latter shows its model list already. Ollama has no <c>health</c> and loads its model at the first request.
/// </para>
/// </remarks>
internal sealed class ServerReadiness(HttpConnections connections, OpenAiOptions options, IProgress<string>? waiting)
{
    private static readonly string[] Paths = ["health", "v1/models"];
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest wait for one answer. A server that is loading may accept a connection and say nothing.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Returns as soon as the server answers; at once where no wait is wanted.</summary>
    /// <exception cref="UnavailableException">
    /// The server did not answer in time, its host is unknown, or its certificate is bad.
    /// </exception>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (options.ReadySeconds <= 0)
        {
            return;
        }

        long begin = options.Time.GetTimestamp();
        string? said = null;
        while (await WhyNotReadyAsync(cancellationToken).ConfigureAwait(false) is { } reason)
        {
            string root = HttpAddress.Shown(connections.At(""));
            string limit = options.ReadySeconds.ToString(CultureInfo.InvariantCulture);
            if (options.Time.GetElapsedTime(begin).TotalSeconds >= options.ReadySeconds)
            {
                throw new UnavailableException(
                    $"{root} was not ready after {limit} s: {reason}. A server that takes longer to load needs a longer --ready-timeout.");
            }

            if (reason != said)
            {
                waiting?.Report($"Waiting up to {limit} s until {root} is ready: {reason}.");
                said = reason;
            }

            await Task.Delay(PollInterval, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Why the server is not ready; <c>null</c> if it is.</summary>
    private async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        foreach (string path in Paths)
        {
            if (await WhyNotReadyAsync(path, cancellationToken).ConfigureAwait(false) is { } reason)
            {
                return options.Redact(reason);
            }
        }

        return null;
    }

    private async Task<string?> WhyNotReadyAsync(string path, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(AnswerLimit, options.Time);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // The status says it all.
            using HttpResponseMessage response = await connections.Client
                .GetAsync(connections.At(path), HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            return IsPassing(response.StatusCode) ? $"{path} answers {(int)response.StatusCode}" : null;
        }
        catch (HttpRequestException exception) when (
            exception.HttpRequestError is HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError)
        {
            (_, string message) = FailureCategory.Of(exception, cancelReason: null);
            throw new UnavailableException(options.Redact(
                $"{HttpAddress.Shown(connections.At(""))} cannot be reached: {ErrorText.Clean(message)}"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            (RequestStatus status, string message) = FailureCategory.Of(exception, cancelReason: null);
            return status is RequestStatus.ConnectionFailed or RequestStatus.Truncated ? ErrorText.Clean(message) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{path} does not answer";
        }
    }

    /// <summary>Whether a status says that the server, or one behind a gateway, may be ready later.</summary>
    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
