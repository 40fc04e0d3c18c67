using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>An error as OpenAI's clients expect it: a status and an <c>error</c> object.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Type">Family of the error, for example <c>invalid_request_error</c>.</param>
/// <param name="Parameter">The field at fault; <c>null</c> if none is.</param>
/// <param name="Code">Stable name, for example <c>model_not_found</c>; <c>null</c> if there is none.</param>
internal sealed record ApiError(int Status, string Message, string Type, string? Parameter = null, string? Code = null)
{
    internal static ApiError Invalid(string parameter, string message) => new(400, message, "invalid_request_error", parameter);

    /// <summary>The body: <c>{"error":{...}}</c>.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = Message, type = Type, param = Parameter, code = Code } }, ReadableJson.Options);
}

/// <summary>Ends the handling of a request with an error object.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    internal ApiError Error { get; } = error;
}
