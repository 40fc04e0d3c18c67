using System.CommandLine;

namespace GreenServe.Cli.Live;

/// <summary>Something that looks at a command while it runs, with the options that ask for it, for example a page in the browser.</summary>
/// <remarks>
/// An observer polls <see cref="GreenServe.Running.Live.LiveRun.Latest"/> as often as it likes, from its own timer. It never disturbs the
/// run, and reports its own failures itself. To add an observer, implement this interface and add it in <c>LiveOptionSet</c>.
/// </remarks>
internal interface ILiveObserver
{
    /// <summary>Adds the options of the observer to a command that runs points.</summary>
    void AddTo(Command command);

    /// <summary>Whether the options ask for the observer.</summary>
    bool IsAsked(ParseResult parsed);

    /// <summary>Begins to look. It is called only if <see cref="IsAsked"/> says so.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">What the command shows, and where lines for the user go.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>What ends the looking. It is disposed when the command has ended and the snapshot says so.</returns>
    /// <exception cref="Records.InvalidInputException">The options contradict each other.</exception>
    /// <exception cref="Records.UnavailableException">This machine cannot do that, for example because a port is taken.</exception>
    ValueTask<IAsyncDisposable> StartAsync(ParseResult parsed, ShownRun run, CancellationToken cancellationToken);
}
