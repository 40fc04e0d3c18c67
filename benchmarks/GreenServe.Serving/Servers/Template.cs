using System.Text.RegularExpressions;

namespace GreenServe.Serving.Servers;

/// <summary>
/// Text with placeholders in braces, for example <c>--port={port}</c>. Other braces stay as they are, so that an argument may be JSON.
/// </summary>
internal static partial class Template
{
    /// <summary>Replaces the placeholders that have a value. Others stay as they are.</summary>
    internal static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(text, match => values.TryGetValue(match.Groups[1].Value, out string? value) ? value : match.Value);

    /// <summary>Names of the placeholders in a text that are not among the known ones.</summary>
    internal static IEnumerable<string> UnknownPlaceholders(string text, IReadOnlyCollection<string> known) =>
        Placeholder().Matches(text).Select(match => match.Groups[1].Value).Where(name => !known.Contains(name));

    /// <summary>Writes names as placeholders, for example <c>{host}, {port}</c>.</summary>
    internal static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"{{{name}}}"));

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Placeholder();
}
