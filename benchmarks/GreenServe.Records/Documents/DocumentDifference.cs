using System.Text.Json.Nodes;

namespace GreenServe.Records.Documents;

/// <summary>Finds the places at which two JSON documents differ.</summary>
public static class DocumentDifference
{
    /// <summary>Every differing path with both values as JSON.</summary>
    /// <param name="first">One document.</param>
    /// <param name="second">The other document.</param>
    /// <param name="ignored">Keys of the root that are left out.</param>
    public static IEnumerable<(string Path, string First, string Second)> Of(
        JsonNode? first, JsonNode? second, params string[] ignored) =>
        Visit(first, second, "$").Where(difference => !ignored.Any(name => IsAtOrBelow(difference.Path, $"$.{name}")));

    private static bool IsAtOrBelow(string path, string place) =>
        path == place || path.StartsWith($"{place}.", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string First, string Second)> Visit(JsonNode? first, JsonNode? second, string path)
    {
        if (first is JsonObject one && second is JsonObject other)
        {
            return one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key))
                .SelectMany(name => Visit(one[name], other[name], $"{path}.{name}"));
        }

        if (first is JsonArray list && second is JsonArray others && list.Count == others.Count)
        {
            return Enumerable.Range(0, list.Count).SelectMany(index => Visit(list[index], others[index], $"{path}[{index}]"));
        }

        return JsonNode.DeepEquals(first, second) ? [] : [(path, Text(first), Text(second))];
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(DocumentContract.Options) ?? "nothing";
}
