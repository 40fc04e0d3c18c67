using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Pages;
using GreenServe.Watching.Recorded;

namespace GreenServe.Cli.Live;

/// <summary><c>--live</c>: a page in the browser that shows the command while it runs.</summary>
/// <param name="clock">Source of time.</param>
internal sealed class PageObserver(TimeProvider clock) : ILiveObserver
{
    private readonly Option<int?> live = new Option<int?>("--live")
    {
        Description = "Show the command in the browser while it runs: a page on 127.0.0.1 at this port, 0 to 65535, where 0 takes a free "
            + $"one. The address is printed. Without a port: {LivePageHost.DefaultPort}, or a free one if that is in use. "
            + "Without a port the option stands last: a word that follows is taken for the port. Default: no page.",
        HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne,
    }.Require(value => value is >= 0 and <= 65_535, "a whole number in [0, 65535], or nothing");

    /// <inheritdoc />
    public void AddTo(Command command) => command.Add(live);

    /// <inheritdoc />
    public bool IsAsked(ParseResult parsed) => parsed.GetResult(live) is not null;

    /// <inheritdoc />
    public async ValueTask<IAsyncDisposable> StartAsync(ParseResult parsed, ShownRun run, CancellationToken cancellationToken)
    {
        PageHistory history = new();
        run.Live.Summarizing = PointSummary.Of;
        LivePageHost page = await LivePageHost.StartAsync(history, parsed.GetValue(live), clock, cancellationToken).ConfigureAwait(false);
        TextWriter notices = run.NoticesOr(parsed.InvocationConfiguration.Error);
        await notices.WriteLineAsync($"Live view: {page.Address}").ConfigureAwait(false);
        return new Showing(LiveFeed.Start(run.Live, history, clock), page);
    }

    private sealed class Showing(LiveFeed feed, LivePageHost page) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The page gets the end before its server stops.
            await feed.DisposeAsync().ConfigureAwait(false);
            await page.DisposeAsync().ConfigureAwait(false);
        }
    }
}
