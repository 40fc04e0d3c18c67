using System.Reflection;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Chromium, found on this machine and driven by Playwright.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    // No sandbox, because tests may run as root; and nothing that reaches for the network on its own.
    private static readonly string[] BrowserArguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, Browser) = (playwright, browser);

    internal IBrowser Browser { get; }

    /// <summary>The program; <c>null</c> where there is none.</summary>
    internal static string? Executable =>
        Environment.GetEnvironmentVariable("GREENSERVE_CHROMIUM") is { Length: > 0 } named ? named : Places.FirstOrDefault(File.Exists);

    /// <summary>Why there is no browser.</summary>
    internal static string Unavailable =>
        $"No Chromium: none of {string.Join(", ", Places)} is there and GREENSERVE_CHROMIUM names none.";

    internal static async Task<Chromium> LaunchAsync(string executable)
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Driver());
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = BrowserArguments,
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>Waits until an expression of a page holds, at most 30 s of real time: a browser is another process.</summary>
    /// <remarks>
    /// After its first look the library's own wait evaluates its text within the page, which a page's Content-Security-Policy forbids.
    /// </remarks>
    internal static async Task UntilAsync(IPage page, string expression)
    {
        const int Looks = 600;
        TimeSpan pause = TimeSpan.FromMilliseconds(50);
        for (int look = 0; look < Looks; look++)
        {
            if (await page.EvaluateAsync<bool>(expression))
            {
                return;
            }

            await Task.Delay(pause, TimeProvider.System);
        }

        Assert.Fail($"never came true: {expression}");
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.CloseAsync();
        playwright.Dispose();
    }

    private static string Driver() => typeof(Chromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "PlaywrightDriver").Value!;
}
