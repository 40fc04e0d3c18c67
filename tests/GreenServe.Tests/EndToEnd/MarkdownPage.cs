using System.Text.RegularExpressions;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>A page of Markdown in the repository: its links and the places that links can name.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] Folders = ["analysis", "benchmarks", "docs", "paper-artifacts", "tests", "workloads"];
    private static readonly string[] NotOurs = ["bin", "obj", "output"];

    private readonly string path;
    private readonly string prose;

    private MarkdownPage(string path)
    {
        this.path = path;
        prose = CodeBlock().Replace(File.ReadAllText(path).ReplaceLineEndings("\n"), "");
    }

    /// <summary>Every page of the repository; what a build writes is left out.</summary>
    internal static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Folders.SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)))
            .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(NotOurs.Contains))
            .Order(StringComparer.Ordinal)
            .Select(file => new MarkdownPage(file)),
    ];

    /// <summary>The page's path from the root of the repository, with slashes.</summary>
    internal string Name => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The targets of the links that stay within the repository, as they are written.</summary>
    internal IReadOnlyList<string> RelativeLinks =>
    [
        .. Link().Matches(CodeSpan().Replace(prose, "")).Select(match => match.Groups[1].Value).Where(target => !Scheme().IsMatch(target)),
    ];

    /// <summary>The anchors that GitHub gives to the page's headings. A heading that repeats an earlier one gets a number.</summary>
    internal IReadOnlySet<string> Anchors
    {
        get
        {
            HashSet<string> anchors = [];
            foreach (string anchor in Heading().Matches(prose).Select(match => AnchorOf(match.Groups[1].Value)))
            {
                string numbered = anchor;
                for (int number = 1; !anchors.Add(numbered); number++)
                {
                    numbered = $"{anchor}-{number}";
                }
            }

            return anchors;
        }
    }

    /// <summary>The file or folder that a link of this page names, as a full path.</summary>
    internal string FileOf(string link)
    {
        string file = link.Split('#')[0];
        return file.Length == 0 ? path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, file));
    }

    /// <summary>The page that a link of this page names; <c>null</c> where it is not a page of Markdown.</summary>
    internal MarkdownPage? PageOf(string link) => All.SingleOrDefault(page => page.path == FileOf(link));

    /// <summary>What GitHub makes of a heading: letters in lower case, digits and hyphens, with hyphens for spaces.</summary>
    private static string AnchorOf(string heading) => NotInAnchors()
        .Replace(LinkedText().Replace(heading.Trim(), "$1").ToLowerInvariant(), "")
        .Replace(' ', '-');

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkedText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
