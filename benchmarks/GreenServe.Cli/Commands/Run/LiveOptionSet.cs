using System.CommandLine;
using GreenServe.Cli.Live;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Running;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that say how a command shows itself while it runs.</summary>
/// <remarks>
/// To add another way to look at a run, implement <see cref="ILiveObserver"/> and add it to the observers here. Every command that runs
/// points then has its options.
/// </remarks>
/// <param name="context">What the process gives to the command.</param>
internal sealed class LiveOptionSet(CommandContext context)
{
    private readonly Option<bool> quiet = new("--quiet")
    {
        Description = "Print only the result. Default: a live view on a terminal, and elsewhere a line every few seconds.",
    };

    private readonly ILiveObserver[] observers = [];

    internal void AddTo(Command command)
    {
        command.Add(quiet);
        foreach (ILiveObserver observer in observers)
        {
            observer.AddTo(command);
        }
    }

    /// <summary>Shows a command while it runs points.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="title">What runs, for example the name of the workload.</param>
    /// <param name="options">The options for the runner of the points, before anybody looks.</param>
    /// <param name="work">
    /// Runs the points. It opens its runner with the options of the run that it is given, and writes to the writers of that run alone.
    /// </param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>What the work returns. Nothing looks any more then, and the terminal is clean.</returns>
    internal async Task<T> ShowAsync<T>(
        ParseResult parsed, string title, PointRunnerOptions options, Func<ShownRun, Task<T>> work, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool isQuiet = parsed.GetValue(quiet);
        LiveRun live = new(context.Clock) { IsWatched = !isQuiet || observers.Length > 0 };
        live.Update(seen => seen with { Title = title });
        TextWriter lines = isQuiet ? TextWriter.Null : output;
        ShownRun run = new(options with
        {
            EngineOutput = ReferenceEquals(options.EngineOutput, TextWriter.Null) ? options.EngineOutput : lines,
            Measurement = options.Measurement with
            {
                Live = live,
                Progress = new LiveActivity(live, new TerminalProgress(lines, context.Clock)),
                Notices = new TerminalProgress(isQuiet ? parsed.InvocationConfiguration.Error : lines, context.Clock),
            },
        }, output, lines);
        List<IAsyncDisposable> looking = [];
        try
        {
            foreach (ILiveObserver observer in observers)
            {
                if (await observer.StartAsync(parsed, run, cancellationToken).ConfigureAwait(false) is { } started)
                {
                    looking.Add(started);
                }
            }

            return await work(run).ConfigureAwait(false);
        }
        finally
        {
            live.Enter(LivePhase.Ended);
            foreach (IAsyncDisposable started in Enumerable.Reverse(looking))
            {
                await started.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
