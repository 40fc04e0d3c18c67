using System.Net;
using System.Text.Json;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>Foreign text inside HTML. Every text of the page passes through here, whatever its origin.</summary>
internal static class HtmlText
{
    /// <summary>Escapes text for an element or a double-quoted attribute.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Escapes a file name for a relative address in a double-quoted attribute.</summary>
    internal static string File(string name) => Escape(Uri.EscapeDataString(name));

    /// <summary>Writes a value as JSON for a script element. No character in it can end the element or begin a comment.</summary>
    internal static string Json<T>(T value) => JsonSerializer.Serialize(value, DocumentContract.Options)
        .Replace("<", "\\u003C", StringComparison.Ordinal)
        .Replace(">", "\\u003E", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
