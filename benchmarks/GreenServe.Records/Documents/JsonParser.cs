using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GreenServe.Records.Documents;

/// <summary>Converts JSON text to plain values with their lines, and finds what a JSON library lets pass or dies of.</summary>
/// <remarks>A key that stands twice has two values and nobody can tell which is meant. Half of a letter is no text.</remarks>
internal sealed class JsonParser
{
    private const int MaxDepth = 64;

    private readonly Dictionary<string, DocumentOrigin> origins = [];
    private readonly List<Problem> problems = [];
    private readonly byte[] bytes;
    private readonly string? file;
    private long counted;
    private int line = 1;

    private JsonParser(string json, string? file)
    {
        bytes = Encoding.UTF8.GetBytes(json);
        this.file = file;
    }

    /// <summary>Parses a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file that the text came from, for messages; <c>null</c> for none.</param>
    /// <exception cref="InvalidInputException">The text is not JSON or too deep, or it has keys twice. Every problem is given.</exception>
    internal static DocumentTree Parse(string json, string? file)
    {
        JsonParser parser = new(json, file);
        try
        {
            Utf8JsonReader reader = new(parser.bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            JsonNode? root = parser.Value(ref reader, DocumentPath.Root);
            reader.Read();
            return parser.problems.Count == 0
                ? new DocumentTree(root, file, parser.origins)
                : throw new InvalidInputException(parser.problems);
        }
        catch (JsonException exception)
        {
            long? column = exception.BytePositionInLine + 1;
            string found = $"text that is not JSON, or deeper than {MaxDepth} levels, at byte {column} of the line";
            throw new InvalidInputException(
                parser.problems.Append(new Problem("$", found, "valid JSON", file, (int?)exception.LineNumber + 1)));
        }
    }

    private JsonNode? Value(ref Utf8JsonReader reader, string path)
    {
        origins.TryAdd(path, new DocumentOrigin(file, LineOf(ref reader)));
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(ref reader, path);
            case JsonTokenType.StartArray:
                JsonArray list = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(Value(ref reader, DocumentPath.Item(path, list.Count)));
                }

                return list;
            case JsonTokenType.String:
                return JsonValue.Create(Text(ref reader, path));
            case JsonTokenType.Null:
                return null;
            default:
                return JsonValue.Create(JsonElement.ParseValue(ref reader));
        }
    }

    private JsonObject Object(ref Utf8JsonReader reader, string path)
    {
        JsonObject mapping = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text(ref reader, path);
            string child = DocumentPath.Child(path, name);
            if (mapping.ContainsKey(name))
            {
                Report(ref reader, child, "the key a second time", "each key once");
            }

            reader.Read();
            mapping[name] = Value(ref reader, child);
        }

        return mapping;
    }

    private string Text(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Report(ref reader, path, "half of a letter (a lone surrogate)", "text of whole letters");
            return "";
        }
    }

    private void Report(ref Utf8JsonReader reader, string path, string found, string allowed) =>
        problems.Add(new Problem(path, found, allowed, file, LineOf(ref reader)));

    /// <summary>The line on which the present token begins. Tokens come in order, so that each byte is looked at once.</summary>
    private int LineOf(ref Utf8JsonReader reader)
    {
        line += bytes.AsSpan((int)counted, (int)(reader.TokenStartIndex - counted)).Count((byte)'\n');
        counted = reader.TokenStartIndex;
        return line;
    }
}
