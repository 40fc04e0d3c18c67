using System.Text.RegularExpressions;
using System.Text;
using GreenServe.Analysis.Reports.Interactive;

namespace GreenServe.Analysis.Reports;

/// <summary>The words of the field on the page: links in its sentences, and their meanings at its end.</summary>
/// <remarks>The meanings are those of <c>docs/glossary.md</c>, which this assembly carries.</remarks>
internal static partial class HtmlGlossary
{
    /// <summary>Id of the section.</summary>
    internal const string Id = "glossary";

    // What the sentences of a page use. A reader who knows none of these words can still act on the page.
    private static readonly string[] Shown =
    [
        "batch limit", "chunk size", "confidence interval", "decode", "E2E", "energy per output token", "error band", "evidence kind",
        "goodput", "GPU clock", "INVALID", "knob", "loaded-idle", "measured", "operating point", "Pareto front", "percentile", "policy",
        "power cap", "precision", "prefill", "probability of least", "repetition", "request class", "simulated", "SLO", "TBT",
        "tensor parallelism", "throughput", "TP", "TPOT", "TTFT", "twin", "verdict", "window", "workload",
    ];

    private static readonly Lazy<(string Title, string Meaning)[]> Terms = new(() => Read(ChartScript.Asset("glossary.md")));

    private static readonly Lazy<Regex> Words = new(() =>
    {
        IEnumerable<string> titles = Terms.Value.Select(term => term.Title).OrderByDescending(title => title.Length);
        return new Regex($@"(?<![\w-])({string.Join('|', titles.Select(Regex.Escape))})(?![\w-])", RegexOptions.CultureInvariant);
    });

    /// <summary>Escapes a sentence and links the first use of each term to its meaning.</summary>
    internal static string Linked(string text)
    {
        StringBuilder linked = new();
        HashSet<string> seen = [];
        int end = 0;
        foreach (Match match in Words.Value.Matches(text).Where(match => seen.Add(match.Value)))
        {
            linked.Append(HtmlText.Escape(text[end..match.Index])).Append("<a class=\"term\" href=\"#").Append(IdOf(match.Value))
                .Append("\">").Append(HtmlText.Escape(match.Value)).Append("</a>");
            end = match.Index + match.Length;
        }

        return linked.Append(HtmlText.Escape(text[end..])).ToString();
    }

    /// <summary>Appends the section.</summary>
    internal static void Append(StringBuilder page)
    {
        page.Append("<section id=\"").Append(Id).Append("\"><h2>Glossary</h2>\n<details><summary>")
            .Append("The words of this page</summary>\n<dl class=\"glossary\">");
        foreach ((string title, string meaning) in Terms.Value)
        {
            page.Append("<dt id=\"").Append(IdOf(title)).Append("\">").Append(HtmlText.Escape(title)).Append("</dt><dd>")
                .Append(Html(meaning)).Append("</dd>\n");
        }

        page.Append("</dl></details></section>\n");
    }

    private static string IdOf(string title) => $"term-{title.ToLowerInvariant().Replace(' ', '-')}";

    private static (string Title, string Meaning)[] Read(string text) =>
    [
        .. Entry().Matches(text).Select(entry => (Title: entry.Groups["title"].Value, Meaning: entry.Groups["meaning"].Value))
            .Where(entry => Shown.Contains(entry.Title)).Select(entry => (entry.Title, Space().Replace(entry.Meaning, " ").Trim())),
    ];

    // The glossary has links to its own terms, links to other pages, and code.
    private static string Html(string meaning)
    {
        string linked = MarkdownLink().Replace(HtmlText.Escape(meaning), link =>
        {
            string words = link.Groups["words"].Value;
            string? title = Terms.Value.Select(term => term.Title)
                .FirstOrDefault(title => IdOf(title) == $"term-{link.Groups["target"].Value}");
            return title is null ? words : $"<a class=\"term\" href=\"#{IdOf(title)}\">{words}</a>";
        });
        return Code().Replace(linked, "<code>$1</code>");
    }

    [GeneratedRegex(@"^### (?<title>.+)\n(?<meaning>(?:.+\n)+)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\[(?<words>[^\]]+)\]\(#?(?<target>[^)]+)\)")]
    private static partial Regex MarkdownLink();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
