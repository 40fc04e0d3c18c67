using System.Security.Cryptography;
using System.Text;

namespace GreenServe.Watching.Pages;

/// <summary>The page that shows a run: one HTML text with its style and scripts in it. It asks for nothing but the stream.</summary>
internal static class LivePage
{
    private static readonly string Style = Asset("live.css");
    private static readonly string Script = Asset("live-chart.js") + Asset("live-grid.js") + Asset("live-search.js") + Asset("live.js");

    /// <summary>The page.</summary>
    internal static string Text { get; } = Asset("live.html")
        .Replace("/*style*/", Style, StringComparison.Ordinal)
        .Replace("/*script*/", Script, StringComparison.Ordinal);

    /// <summary>
    /// What the page may do: run its own script and style, both named by their hash, and read the stream of the server that it came from.
    /// </summary>
    internal static string Policy { get; } =
        $"default-src 'none'; script-src {SourceOf(Script)}; style-src {SourceOf(Style)}; connect-src 'self'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string SourceOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Asset(string name)
    {
        using Stream file = typeof(LivePage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using StreamReader reader = new(file, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
