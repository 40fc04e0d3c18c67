using System.Text.RegularExpressions;

namespace GreenServe.Serving.Servers;

/// <summary>Text with placeholders in braces. Other braces stay as they are, so that JSON may be an argument.</summary>
internal static partial class Template
{
    /// <summary>Replaces the placeholders that are known.</summary>
    internal static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(text, match => values.TryGetValue(match.Groups[1].Value, out string? value) ? value : match.Value);

    /// <summary>Placeholders that are not known.</summary>
    internal static IEnumerable<string> UnknownPlaceholders(string text, IReadOnlyCollection<string> known) =>
        Placeholder().Matches(text).Select(match => match.Groups[1].Value).Where(name => !known.Contains(name));

    internal static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"{{{name}}}"));

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Placeholder();
}
