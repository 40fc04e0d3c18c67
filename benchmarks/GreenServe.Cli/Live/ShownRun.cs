using GreenServe.Running;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>A command that runs points while views look at it.</summary>
/// <param name="Options">The options for the runner of the points. Through them the runner fills <see cref="Live"/>.</param>
/// <param name="Output">Receives lines that are part of the result. They stand above the view.</param>
/// <param name="Lines">
/// Receives lines on the way, such as the result of a point. They stand above the view, and <c>--quiet</c> drops them.
/// </param>
internal sealed record ShownRun(PointRunnerOptions Options, TextWriter Output, TextWriter Lines)
{
    /// <summary>Whether a view on the terminal counts the points, so that no lines need to.</summary>
    internal bool IsOnTerminal { get; init; }

    /// <summary>Receives lines that must be read whatever is dropped, such as the address of a page. They never disturb a view.</summary>
    /// <param name="error">The error output, which serves where no view is on the terminal.</param>
    internal TextWriter NoticesOr(TextWriter error) => IsOnTerminal ? Lines : error;

    /// <summary>What the command shows of itself.</summary>
    internal LiveRun Live => Options.Measurement.Live;
}
