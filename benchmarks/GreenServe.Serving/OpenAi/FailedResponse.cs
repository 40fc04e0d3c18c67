using GreenServe.Serving.Streams;

namespace GreenServe.Serving.OpenAi;

/// <summary>Describes a response with another status than 200 in one line.</summary>
internal static class FailedResponse
{
    /// <summary>Bytes read of the body of a failed response: more than an error message needs.</summary>
    internal const int MaxBytes = 4096;

    /// <summary>Longest wait for the body of a failed response; the status alone already says what the failure was.</summary>
    internal static readonly TimeSpan BodyLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether the body of a response matters: that of a redirect does not.</summary>
    internal static bool HasWords(HttpResponseMessage response) => (int)response.StatusCode is not (>= 300 and < 400);

    /// <summary>The status, <c>Retry-After</c> or the target of a redirect, and the beginning of the body.</summary>
    /// <param name="response">The response.</param>
    /// <param name="asked">The address that was asked.</param>
    /// <param name="beginning">The beginning of the body.</param>
    internal static string Describe(HttpResponseMessage response, Uri asked, ReadOnlySpan<byte> beginning)
    {
        int status = (int)response.StatusCode;
        if (!HasWords(response))
        {
            return $"{status}: redirect to {TargetOf(response, asked)}, not followed";
        }

        string retry = response.Headers.RetryAfter is { } after ? $" (retry after {after})" : "";
        return $"{status}{retry}: {ErrorText.Clean(beginning)}";
    }

    /// <summary>The target of a redirect: another host, or a path of this server. A query may hold secrets and is left out.</summary>
    private static string TargetOf(HttpResponseMessage response, Uri asked)
    {
        // The header is read as text, since the parsed one takes a path for a file on some systems.
        string? location = response.Headers.TryGetValues("Location", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        string target = string.IsNullOrWhiteSpace(location) || !Uri.TryCreate(asked, location, out Uri? uri) ? "nowhere"
            : uri.Authority == asked.Authority ? $"{uri.AbsolutePath} of this server"
            : uri.Host;
        return ErrorText.Clean(target);
    }
}
