using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GreenServe.Tests.Analysis.Reports;

/// <summary>Reads the data that a page holds for its script.</summary>
internal static class PackedPage
{
    /// <summary>Unpacks one part of the data.</summary>
    /// <param name="html">The page.</param>
    /// <param name="name">Name of the part, for example <c>figures</c>.</param>
    internal static JsonElement Read(string html, string name)
    {
        string start = $"<script type=\"application/gzip\\+base64\" id=\"packed-{name}\">";
        Match pack = Regex.Match(html, $"{start}(?<text>[A-Za-z0-9+/=]*)</script>");
        Assert.True(pack.Success, $"The page has no {name}.");
        using MemoryStream packed = new(Convert.FromBase64String(pack.Groups["text"].Value));
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(unpacked);
        return document.RootElement.Clone();
    }

    /// <summary>The words that a page has in view or folded away. Tables that its script makes, and its data, are not among them.</summary>
    internal static string[] Words(string html)
    {
        string body = Regex.Replace(html, "<script.*?</script>|<style.*?</style>|<noscript>.*?</noscript>", " ", RegexOptions.Singleline);
        return WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]+>", " ")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Any(char.IsLetterOrDigit)).ToArray();
    }
}
