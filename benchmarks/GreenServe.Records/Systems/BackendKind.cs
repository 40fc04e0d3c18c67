using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Systems;

/// <summary>What serves the requests.</summary>
public enum BackendKind
{
    /// <summary>The simulated engine, which runs in virtual time.</summary>
    Simulated,

    /// <summary>The built-in reference engine, which does real inference.</summary>
    Engine,

    /// <summary>A server with an OpenAI-compatible interface.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAI,
}

/// <summary>
/// Converts a backend to and from its name in a run record. The record says <c>load command</c>, and the backend is <c>null</c>,
/// where a command of the user's put the load on the machine and no server was measured.
/// </summary>
public sealed class RecordedBackend : JsonConverter<BackendKind?>, IScalarConverter
{
    private const string LoadCommand = "load command";

    string IScalarConverter.Allowed => "one of simulated, engine, openai, load command";

    bool IScalarConverter.Accepts(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String && TryParse(value.GetValue<string>(), out _);

    /// <inheritdoc />
    public override bool HandleNull => true;

    /// <summary>The name in a run record.</summary>
    /// <param name="backend">The backend; <c>null</c> where a command put the load on the machine.</param>
    public static string NameOf(BackendKind? backend) => backend is { } kind ? EnumText.Of(kind) : LoadCommand;

    /// <inheritdoc />
    public override BackendKind? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return name is not null && TryParse(name, out BackendKind? backend)
            ? backend
            : throw new JsonException($"want simulated, engine, openai or {LoadCommand}");
    }

    private static bool TryParse(string name, out BackendKind? backend)
    {
        bool isKind = EnumText.TryParse(name, out BackendKind kind);
        backend = isKind ? kind : null;
        return isKind || name == LoadCommand;
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, BackendKind? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(NameOf(value));
}
