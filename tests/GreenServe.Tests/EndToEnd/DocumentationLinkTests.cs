namespace GreenServe.Tests.EndToEnd;

/// <summary>Tests that a reader who follows a link of a Markdown page arrives: the file exists, and so does the heading.</summary>
public sealed class DocumentationLinkTests
{
    [Fact]
    public void RelativeLink_NamesAFileThatExists_OnEveryPage()
    {
        (MarkdownPage Page, string Target)[] links = [.. LinksOf(MarkdownPage.All)];

        Assert.True(links.Length > 50, $"only {links.Length} links were found");
        Assert.Empty(links.Where(link => !Path.Exists(link.Page.FileOf(link.Target))).Select(Describe));
    }

    [Fact]
    public void Anchor_NamesAHeadingThatExists_OnEveryPage()
    {
        (MarkdownPage Page, string Target)[] links = [.. LinksOf(MarkdownPage.All).Where(link => link.Target.Contains('#'))];

        Assert.True(links.Length > 50, $"only {links.Length} links to headings were found");
        Assert.Empty(links.Where(link => !HasHeading(link.Page, link.Target)).Select(Describe));
    }

    [Fact]
    public void Page_IsReachedFromTheReadme_ForEveryPageOfTheDocs()
    {
        HashSet<string> reached = ["README.md"];
        Queue<MarkdownPage> next = new([MarkdownPage.All.Single(page => page.Name == "README.md")]);
        while (next.TryDequeue(out MarkdownPage? page))
        {
            foreach (MarkdownPage linked in page.RelativeLinks.Select(page.PageOf).OfType<MarkdownPage>())
            {
                if (reached.Add(linked.Name))
                {
                    next.Enqueue(linked);
                }
            }
        }

        IEnumerable<string> pages = MarkdownPage.All.Select(page => page.Name)
            .Where(name => name.StartsWith("docs/", StringComparison.Ordinal));
        Assert.All(pages, name => Assert.Contains(name, reached));
    }

    private static IEnumerable<(MarkdownPage Page, string Target)> LinksOf(IEnumerable<MarkdownPage> pages) =>
        pages.SelectMany(page => page.RelativeLinks.Select(target => (page, target)));

    private static bool HasHeading(MarkdownPage page, string target) =>
        page.PageOf(target)?.Anchors.Contains(target.Split('#')[1]) ?? false;

    private static string Describe((MarkdownPage Page, string Target) link) => $"{link.Page.Name}: {link.Target}";
}
