using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>What pages do that none of the suite may do: write errors, and ask for addresses that are not their own.</summary>
/// <param name="own">What the addresses of a page's own begin with.</param>
internal sealed class PageWatch(params string[] own)
{
    /// <summary>What a page that is opened from disk may ask for.</summary>
    internal static PageWatch OfFiles() => new("file:", "data:", "blob:");

    /// <summary>Errors and warnings on the console of a page, and exceptions that it did not catch.</summary>
    internal List<string> Errors { get; } = [];

    /// <summary>Addresses that a page asked for and that are not its own.</summary>
    internal List<string> Requests { get; } = [];

    /// <summary>Watches a page from now on.</summary>
    internal void Follow(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!own.Any(start => request.Url.StartsWith(start, StringComparison.Ordinal)))
            {
                Requests.Add(request.Url);
            }
        };
    }
}
