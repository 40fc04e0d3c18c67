using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GreenServe.Records.Documents;

/// <summary>
/// How records look as documents: keys in snake_case, enums as text, unknown keys refused. Binding, the JSON schemas and canonical
/// JSON all follow from this one contract, so that they cannot disagree.
/// </summary>
public static class DocumentContract
{
    /// <summary>The serializer options every document and <c>run.json</c> use.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The serializer options of <see cref="Options"/> with indentation, for JSON that people read.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>How the name of a property or an enum value reads in a document.</summary>
    internal static JsonNamingPolicy Naming => JsonNamingPolicy.SnakeCaseLower;

    /// <summary>Canonical JSON: declaration order, no white space, defaults written out. The same value gives the same bytes.</summary>
    public static string Canonical<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>JSON that people read: indented, with a line feed at its end.</summary>
    /// <remarks>The contracts of <see cref="Options"/> serve here too. Other options would have to build contracts of their own.</remarks>
    public static string Readable<T>(T value)
    {
        ArrayBufferWriter<byte> text = new();
        JsonWriterOptions format = new() { Indented = true, NewLine = Indented.NewLine, Encoder = Options.Encoder };
        using (Utf8JsonWriter json = new(text, format))
        {
            JsonSerializer.Serialize(json, value, Options);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan) + "\n";
    }

    /// <summary>The value as a free JSON tree.</summary>
    public static JsonNode? ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Options);

    private static JsonSerializerOptions Create(bool indented)
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = Naming,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowOutOfOrderMetadataProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            WriteIndented = indented,
            NewLine = "\n",
        };
        options.Converters.Add(new JsonStringEnumConverter(Naming, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
