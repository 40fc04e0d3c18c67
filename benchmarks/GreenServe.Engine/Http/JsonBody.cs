using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace GreenServe.Engine.Http;

/// <summary>Reads the body of a request as JSON. Bytes that are no JSON are the client's error, and are refused with status 400.</summary>
internal static class JsonBody
{
    /// <summary>Reads the whole body.</summary>
    /// <exception cref="ApiException">The body cannot be read, or it is not JSON in valid UTF-8.</exception>
    internal static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> bytes = await ReadBytesAsync(context).ConfigureAwait(false);
        RequireText(bytes.Span);
        try
        {
            RequireWholePairs(bytes.Span);
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw Invalid($"The request body is not valid JSON: {exception.Message}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext context)
    {
        using MemoryStream body = new();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (IOException exception)
            when (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // The size of a chunk that no number can hold ends here.
            throw Invalid($"The request body cannot be read: {exception.Message}");
        }

        ReadOnlyMemory<byte> bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes["\uFEFF"u8.Length..] : bytes;
    }

    private static void RequireText(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            _ = Utf8.ToUtf16(bytes, new char[bytes.Length], out int valid, out _, replaceInvalidSequences: false);
            throw Invalid($"The request body is not valid UTF-8: byte {valid} (0x{bytes[valid]:X2}) begins no character.");
        }
    }

    /// <summary>Refuses a text with half of a surrogate pair. Only an escape can write one, and no text can hold it.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    private static void RequireWholePairs(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        Utf8JsonReader reader = new(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    throw Invalid($"The text at byte {reader.TokenStartIndex} of the request body holds half of a surrogate pair.");
                }
            }
        }
    }

    private static ApiException Invalid(string message) => new(ApiError.Invalid("body", message));
}
