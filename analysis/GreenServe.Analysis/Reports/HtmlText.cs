using System.Net;
using System.Text.Json;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>Foreign text inside HTML. Every text of the page passes through here, whatever its origin.</summary>
internal static class HtmlText
{
    /// <summary>As text of an element, or inside a double-quoted attribute.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>As a relative address inside a double-quoted attribute: one file name, nothing else.</summary>
    internal static string File(string name) => Escape(Uri.EscapeDataString(name));

    /// <summary>As JSON inside a script element: no character in it can end the element or begin a comment.</summary>
    internal static string Json<T>(T value) => JsonSerializer.Serialize(value, DocumentContract.Options)
        .Replace("<", "\\u003C", StringComparison.Ordinal)
        .Replace(">", "\\u003E", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
