using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Faults that take the place of a whole response.</summary>
internal static class StatusFaults
{
    /// <summary>Answers with the fault; whether there was one of this kind.</summary>
    internal static async Task<bool> AnswerAsync(HttpContext context, FaultKind fault)
    {
        HttpResponse response = context.Response;
        switch (fault)
        {
            case FaultKind.Unauthorized:
                string key = context.Request.Headers.Authorization.ToString();
                throw new ApiException(new ApiError(401, $"Incorrect API key provided: {key}", "invalid_request_error", null, "invalid_api_key"));
            case FaultKind.ModelNotFound:
                throw new ApiException(new ApiError(404, "The model does not exist.", "invalid_request_error", "model", "model_not_found"));
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
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            default:
                return false;
        }
    }
}
