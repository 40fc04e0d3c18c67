using System.Text.Encodings.Web;
using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>Settings for JSON that people can read in a terminal. Quotes and letters outside ASCII are written as they are.</summary>
/// <remarks>This is safe because the server's JSON never stands inside HTML.</remarks>
internal static class ReadableJson
{
    internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
