using System.Security.Cryptography;
using System.Text;
using GreenServe.Analysis.Figures.Drawing;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>The script that draws interactive charts: plotly.js 2.28 (MIT), taken from the package Plotly.NET.</summary>
/// <remarks>
/// 3.6 MB as text, 1.4 MB as it stands in the page: compressed, and unpacked by the browser when the first chart comes into view.
/// </remarks>
internal static class ChartScript
{
    private const string Package = "Plotly.NET.dll";
    private const string Script = "Plotly.NET.plotly-2.28.0.min.js";
    private static readonly Lazy<byte[]> Text = new(() => EmbeddedPackage.Read(Package, Script));
    private static readonly Lazy<string> Packed = new(() => PageScript.Pack(Text.Value));

    /// <summary>The script, gzip in base64.</summary>
    internal static string Compressed => Packed.Value;

    /// <summary>The source that a Content-Security-Policy must name so that the script may run.</summary>
    internal static string PolicySource => PolicySourceOf(Text.Value);

    /// <summary>The policy source of any inline script.</summary>
    internal static string PolicySourceOf(byte[] script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(script))}'";

    /// <summary>A text file carried in this assembly.</summary>
    internal static string Asset(string name)
    {
        using Stream file = typeof(ChartScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using StreamReader reader = new(file, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
