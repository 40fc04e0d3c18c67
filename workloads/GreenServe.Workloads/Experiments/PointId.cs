using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GreenServe.Workloads.Experiments;

/// <summary>Makes folder names from the coordinates of operating points.</summary>
internal static class PointId
{
    private const int MaxLetters = 100;

    /// <summary>A name such as <c>batch-16_clock-1600</c>: lower-case letters, digits, dots, dashes and underscores only.</summary>
    internal static string Of(string experiment, IReadOnlyDictionary<string, JsonNode?> coordinates)
    {
        string id = coordinates.Count == 0
            ? Safe(experiment)
            : string.Join('_', coordinates.Select(pair => $"{Safe(pair.Key)}-{Safe(Text(pair.Value))}"));
        return id.Length <= MaxLetters ? id : Disambiguate(id[..MaxLetters], coordinates);
    }

    /// <summary>Appends eight digits of a hash of the exact coordinates, for ids that would otherwise be equal.</summary>
    internal static string Disambiguate(string id, IReadOnlyDictionary<string, JsonNode?> coordinates)
    {
        string exact = string.Join('\n', coordinates.Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"));
        return $"{id}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(exact)).AsSpan(0, 4))}";
    }

    private static string Text(JsonNode? value) =>
        value is null ? "default" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string Safe(string text)
    {
        StringBuilder safe = new();
        foreach (char letter in text.ToLowerInvariant())
        {
            safe.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '-');
        }

        return safe.ToString().Trim('-', '.') is { Length: > 0 } trimmed ? trimmed : "x";
    }
}
