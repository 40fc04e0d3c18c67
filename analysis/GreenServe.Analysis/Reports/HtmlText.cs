using System.Net;
using System.Text.Json;
using GreenServe.Analysis.Artifacts;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>Foreign text inside HTML. Every text of the page passes through here, whatever its origin.</summary>
internal static class HtmlText
{
    /// <summary>Escapes text for an element or a double-quoted attribute.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Escapes a file name for a relative address in a double-quoted attribute.</summary>
    internal static string File(string name) => Escape(Uri.EscapeDataString(name));

    /// <summary>Links to files in the folder of artifacts beside a page, with dots between them.</summary>
    /// <param name="files">The files, each with the text of its link.</param>
    internal static string ArtifactLinks(IEnumerable<(string File, string Text)> files) => string.Join(
        " · ", files.Select(file => $"<a href=\"{ArtifactCaption.Folder}/{File(file.File)}\">{Escape(file.Text)}</a>"));

    /// <summary>Links to the files of tables and figures, each called by its name.</summary>
    /// <param name="tables">Names of the tables, written as CSV.</param>
    /// <param name="figures">Names of the figures, written as PNG and SVG.</param>
    internal static string ArtifactLinks(IEnumerable<string> tables, IEnumerable<string> figures) => ArtifactLinks(
        tables.Select(table => $"{table}.csv").Concat(figures.SelectMany(figure => new[] { $"{figure}.png", $"{figure}.svg" }))
            .Select(file => (file, file)));

    /// <summary>Writes a value as JSON for a script element. No character in it can end the element or begin a comment.</summary>
    internal static string Json<T>(T value) => JsonSerializer.Serialize(value, DocumentContract.Options)
        .Replace("<", "\\u003C", StringComparison.Ordinal)
        .Replace(">", "\\u003E", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
