using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>The faults that take the place of a whole response.</summary>
internal static class StatusFaults
{
    /// <summary>Answers a request with a fault.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="fault">The fault that the request suffers.</param>
    /// <param name="clock">The clock of the server.</param>
    /// <returns>Whether the fault is of this class, so that the response is complete.</returns>
    /// <exception cref="ApiException">The fault is an error object.</exception>
    internal static async Task<bool> AnswerAsync(HttpContext context, FaultKind fault, TimeProvider clock)
    {
        HttpResponse response = context.Response;
        switch (fault)
        {
            case FaultKind.Unauthorized:
                string key = context.Request.Headers.Authorization.ToString();
                throw new ApiException(ApiError.Refused(401, $"Incorrect API key provided: {key}", code: "invalid_api_key"));
            case FaultKind.ModelNotFound:
                throw new ApiException(ApiError.Refused(404, "The model does not exist.", "model", "model_not_found"));
            case FaultKind.TooManyRequests:
                response.Headers.RetryAfter = "1";
                throw new ApiException(new ApiError(429, "Rate limit reached.", "rate_limit_error"));
            case FaultKind.Unavailable:
                response.Headers.RetryAfter = "1";
                throw new ApiException(new ApiError(503, "The server is overloaded.", "overloaded_error"));
            case FaultKind.InternalError:
                response.StatusCode = 500;
                await response.WriteAsync("<html><body>Internal Server Error</body></html>", context.RequestAborted).ConfigureAwait(false);
                return true;
            case FaultKind.Redirect:
                response.StatusCode = 307;
                response.Headers.Location = "http://127.0.0.1:9/elsewhere";
                return true;
            case FaultKind.NeverAnswer:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            default:
                return false;
        }
    }
}
