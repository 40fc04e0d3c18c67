using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>Writes what a command is doing as a line every few seconds, where there is no terminal.</summary>
internal sealed class PlainView : IAsyncDisposable
{
    /// <summary>Time between two lines: slow enough to read along, and a log of an hour has 720.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ITimer timer;

    /// <summary>Begins to write.</summary>
    /// <param name="live">What the command shows of itself.</param>
    /// <param name="output">Receives the lines; a writer that several threads may use.</param>
    /// <param name="clock">Says when to write.</param>
    internal PlainView(LiveRun live, TextWriter output, TimeProvider clock) => timer = clock.CreateTimer(
        _ =>
        {
            if (LiveLine.Of(live.Latest) is { } line)
            {
                output.WriteLine(line);
                output.Flush();
            }
        },
        null,
        Interval,
        Interval);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => timer.DisposeAsync();
}
