using System.IO.Compression;
using System.Text;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>The script of the suite's pages, put together from one file for each concern, and the data that it reads.</summary>
internal static class PageScript
{
    // In the order in which they run: later files use the names of earlier ones.
    private static readonly string[] Parts =
        ["page.js", "tables.js", "charts.js", "figures.js", "settings.js", "words.js", "front.js", "answer.js", "start.js"];

    private static readonly Lazy<string> Whole = new(() =>
        $"\"use strict\";\n(() => {{\n{string.Concat(Parts.Select(ChartScript.Asset))}}})();\n");

    /// <summary>The script.</summary>
    internal static string Text => Whole.Value;

    /// <summary>The source that a Content-Security-Policy must name so that the script may run.</summary>
    internal static string PolicySource => ChartScript.PolicySourceOf(Encoding.UTF8.GetBytes(Text));

    /// <summary>Packs a text for a script element: gzip in base64, which no name inside can end or turn into markup.</summary>
    internal static string Pack(string text) => Pack(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Pack(string)"/>
    internal static string Pack(byte[] text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
