using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GreenServe.Records.Documents;

/// <summary>Writes a JSON value as block-style YAML that is easy to edit. Null values are left out.</summary>
/// <remarks>Texts stand in double quotes, and so do keys that are not plain names. No text can become more than a text.</remarks>
public static partial class YamlText
{
    /// <summary>Columns of an item of a list that stands on one line.</summary>
    private const int MaxItemColumns = 120;

    /// <summary>Words that a reader of YAML may take for something else than a text.</summary>
    private static readonly string[] Words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    private static readonly JsonSerializerOptions Scalars =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The YAML text of a value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="comments">Comment lines to write before it, without <c>#</c>. Each is shown on one line.</param>
    public static string Of(JsonNode node, IReadOnlyList<string> comments)
    {
        StringBuilder text = new();
        foreach (string comment in comments)
        {
            text.Append("# ").Append(ShownText.OneLine(comment)).Append('\n');
        }

        Write(node, 0, text);
        return text.ToString();
    }

    private static void Write(JsonNode node, int indent, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject mapping:
                foreach ((string key, JsonNode? value) in mapping)
                {
                    if (value is not null)
                    {
                        text.Append(' ', indent).Append(Key(key)).Append(':');
                        WriteValue(value, indent, text);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    WriteItem(item, indent, text);
                }

                break;
        }
    }

    private static void WriteItem(JsonNode? item, int indent, StringBuilder text)
    {
        string flow = Flow(item);
        text.Append(' ', indent).Append("- ");
        if (item is JsonObject { Count: > 0 } mapping && indent + flow.Length > MaxItemColumns)
        {
            StringBuilder block = new();
            Write(mapping, indent + 2, block);
            text.Append(block, indent + 2, block.Length - indent - 2);
            return;
        }

        text.Append(flow).Append('\n');
    }

    private static void WriteValue(JsonNode value, int indent, StringBuilder text)
    {
        if (value is JsonValue or JsonArray { Count: 0 } || (value is JsonObject mapping && mapping.All(pair => pair.Value is null)))
        {
            text.Append(' ').Append(Flow(value)).Append('\n');
            return;
        }

        text.Append('\n');
        Write(value, indent + 2, text);
    }

    /// <summary>A value on one line. JSON is also YAML.</summary>
    private static string Flow(JsonNode? value) => value switch
    {
        JsonObject mapping when mapping.All(pair => pair.Value is null) => "{}",
        JsonObject mapping => $"{{ {string.Join(", ", mapping.Where(pair => pair.Value is not null).Select(Pair))} }}",
        JsonArray list => "[" + string.Join(", ", list.Select(Flow)) + "]",
        null => "null",
        _ => value.ToJsonString(Scalars),
    };

    private static string Pair(KeyValuePair<string, JsonNode?> pair) => $"{Key(pair.Key)}: {Flow(pair.Value)}";

    /// <summary>A key as it is, where it cannot be read as anything but a text, or in quotes.</summary>
    private static string Key(string key) =>
        PlainKey().IsMatch(key) && !Words.Contains(key, StringComparer.OrdinalIgnoreCase)
            ? key
            : JsonValue.Create(key).ToJsonString(Scalars);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*\z")]
    private static partial Regex PlainKey();
}
