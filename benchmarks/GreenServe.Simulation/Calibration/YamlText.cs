using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GreenServe.Simulation.Calibration;

/// <summary>Writes a JSON value as block-style YAML that is easy to edit. Null values are left out.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions Scalars =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The YAML text of a value.</summary>
    /// <param name="node">The value.</param>
    /// <param name="comments">Comment lines to write before it, without <c>#</c>.</param>
    internal static string Of(JsonNode node, IReadOnlyList<string> comments)
    {
        StringBuilder text = new();
        foreach (string comment in comments)
        {
            text.Append("# ").Append(comment).Append('\n');
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
                        text.Append(' ', indent).Append(key).Append(':');
                        WriteValue(value, indent, text);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    text.Append(' ', indent).Append("- ").Append(Flow(item)).Append('\n');
                }

                break;
        }
    }

    private static void WriteValue(JsonNode value, int indent, StringBuilder text)
    {
        if (value is JsonValue or JsonObject { Count: 0 } or JsonArray { Count: 0 })
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
        JsonObject mapping => $"{{ {string.Join(", ", mapping.Where(pair => pair.Value is not null).Select(Pair))} }}",
        JsonArray list => "[" + string.Join(", ", list.Select(Flow)) + "]",
        null => "null",
        _ => value.ToJsonString(Scalars),
    };

    private static string Pair(KeyValuePair<string, JsonNode?> pair) => $"{pair.Key}: {Flow(pair.Value)}";
}
