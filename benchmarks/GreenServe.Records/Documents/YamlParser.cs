using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GreenServe.Records.Documents;

/// <summary>
/// Converts YAML text to plain values with their lines. Depth and size are limited, since aliases can grow without bound.
/// </summary>
internal sealed class YamlParser
{
    private const int DeepestLevel = 64;
    private const int DocumentLevels = 2; // The stream and the document count as levels of their own.
    private const int MaxNodes = 200_000;

    private readonly Dictionary<string, DocumentOrigin> origins = [];
    private readonly string? file;
    private int nodes;

    private YamlParser(string? file) => this.file = file;

    internal static DocumentTree Parse(string yaml, string? file)
    {
        YamlStream stream = Load(yaml, file);
        if (stream.Documents.Count != 1)
        {
            throw new InvalidInputException(new Problem("$", $"{stream.Documents.Count} documents", "exactly one YAML document", file));
        }

        YamlParser parser = new(file);
        JsonNode? root = parser.Convert(stream.Documents[0].RootNode, DocumentPath.Root, level: 0);
        return new DocumentTree(root, file, parser.origins);
    }

    private static YamlStream Load(string yaml, string? file)
    {
        int line = 1;
        try
        {
            // The loader recurses, and a stack overflow cannot be caught. So the depth is measured on the events beforehand.
            Parser events = new(new StringReader(yaml));
            for (int level = 0; events.MoveNext(); level += events.Current!.NestingIncrease)
            {
                line = (int)events.Current!.End.Line;
                if (level > DeepestLevel + DocumentLevels)
                {
                    throw new InvalidInputException(new Problem("$", "a deeper document", $"at most {DeepestLevel} levels", file, line));
                }
            }

            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            return stream;
        }
        catch (YamlException exception)
        {
            string reason = exception.InnerException?.Message ?? exception.Message;
            throw new InvalidInputException(new Problem("$", reason, "valid YAML", file, (int)exception.Start.Line));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // Some malformed texts make the scanner throw an exception of another type, for example a stray closing bracket.
            throw new InvalidInputException(new Problem("$", "a text that is not YAML", "valid YAML", file, line));
        }
    }

    private JsonNode? Convert(YamlNode node, string path, int level)
    {
        int line = (int)node.Start.Line;
        if (level > DeepestLevel || ++nodes > MaxNodes)
        {
            string allowed = $"at most {DeepestLevel} levels and {MaxNodes} values";
            throw new InvalidInputException(new Problem(path, "a larger document", allowed, file, line));
        }

        // The first place wins: an alias is reported where the value is written.
        origins.TryAdd(path, new DocumentOrigin(file, line));
        return node switch
        {
            YamlMappingNode mapping => ConvertMapping(mapping, path, level),
            YamlSequenceNode sequence => new JsonArray(
                [.. sequence.Children.Select((child, index) => Convert(child, DocumentPath.Item(path, index), level + 1))]),
            YamlScalarNode scalar => ConvertScalar(scalar),
            _ => throw new InvalidInputException(new Problem(path, node.NodeType, "a mapping, a list or a value", file, line)),
        };
    }

    private JsonObject ConvertMapping(YamlMappingNode mapping, string path, int level)
    {
        JsonObject result = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value
                ?? throw new InvalidInputException(new Problem(path, key.NodeType, "a plain key", file, (int)key.Start.Line));
            string childPath = DocumentPath.Child(path, name);
            origins[childPath] = new DocumentOrigin(file, (int)key.Start.Line);
            result[name] = Convert(value, childPath, level + 1);
        }

        return result;
    }

    // YAML 1.2 core schema: only plain scalars are anything but text.
    private static JsonValue? ConvertScalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
            case ".nan" or ".NaN" or ".NAN":
                return JsonValue.Create(double.NaN);
            case ".inf" or ".Inf" or ".INF" or "+.inf":
                return JsonValue.Create(double.PositiveInfinity);
            case "-.inf" or "-.Inf" or "-.INF":
                return JsonValue.Create(double.NegativeInfinity);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return JsonValue.Create(whole);
        }

        bool looksNumeric = char.IsAsciiDigit(text[^1]) || text[^1] == '.';
        bool startsNumeric = char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.';
        return looksNumeric && startsNumeric && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            ? JsonValue.Create(real)
            : JsonValue.Create(text);
    }
}
