using System.Text.Encodings.Web;
using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>JSON as people read it in a terminal: quotes and letters as they are. Safe because it never stands inside HTML.</summary>
internal static class ReadableJson
{
    internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
