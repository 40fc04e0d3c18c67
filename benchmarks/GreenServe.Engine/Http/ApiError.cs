using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>An error in the form that OpenAI's clients expect: an HTTP status and an <c>error</c> object.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">What is wrong, in words for people.</param>
/// <param name="Type">The family of the error, for example <c>invalid_request_error</c>.</param>
/// <param name="Parameter">The field of the request that is wrong; <c>null</c> if no single field is.</param>
/// <param name="Code">The stable name of the error, for example <c>model_not_found</c>; <c>null</c> if it has none.</param>
internal sealed record ApiError(int Status, string Message, string Type, string? Parameter = null, string? Code = null)
{
    /// <summary>Creates the error of a field that is missing or has a wrong value (status 400).</summary>
    internal static ApiError Invalid(string parameter, string message) => Refused(400, message, parameter);

    /// <summary>Creates an error that the client's request causes. Its family is <c>invalid_request_error</c>.</summary>
    internal static ApiError Refused(int status, string message, string? parameter = null, string? code = null) =>
        new(status, message, "invalid_request_error", parameter, code);

    /// <summary>Creates the error of a request for a model that the server does not have (status 404).</summary>
    /// <param name="asked">The name that the client asked for.</param>
    /// <param name="served">The name of the model that the server has.</param>
    internal static ApiError ModelNotFound(string asked, string served) =>
        Refused(404, $"The model `{asked}` does not exist; this server has `{served}`.", "model", "model_not_found");

    /// <summary>Creates the error of an engine that failed (status 500).</summary>
    /// <param name="message">What went wrong; <c>null</c> if the engine did not say.</param>
    internal static ApiError Internal(string? message) => new(500, message ?? "The engine failed.", "internal_server_error");

    /// <summary>Writes the body of the response: <c>{"error":{...}}</c>.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = Message, type = Type, param = Parameter, code = Code } }, ReadableJson.Options);
}

/// <summary>Thrown to end the handling of a request. The response is the error object.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    internal ApiError Error { get; } = error;
}
