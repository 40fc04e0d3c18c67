using System.CommandLine;
using GreenServe.Cli.Live;
using GreenServe.Cli.Terminal;
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

    private readonly ILiveObserver[] observers = [new PageObserver(context.Clock), new MetricsObserver()];

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
        bool isAsked = Array.Exists(observers, observer => observer.IsAsked(parsed));
        LiveRun live = new(context.Clock) { IsWatched = isAsked || !parsed.GetValue(quiet) };
        live.Update(seen => seen with { Title = title });
        List<IAsyncDisposable> looking = [];
        try
        {
            ShownRun run = Show(parsed, options, live, looking);
            foreach (ILiveObserver observer in observers)
            {
                if (observer.IsAsked(parsed))
                {
                    looking.Add(await observer.StartAsync(parsed, run, cancellationToken).ConfigureAwait(false));
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

    /// <summary>Begins the view that the options and the terminal ask for, and gives the run its writers.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options for the runner of the points, before anybody looks.</param>
    /// <param name="live">What the command shows of itself.</param>
    /// <param name="looking">Receives what must end with the command.</param>
    private ShownRun Show(ParseResult parsed, PointRunnerOptions options, LiveRun live, List<IAsyncDisposable> looking)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(quiet))
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            return new ShownRun(With(options, live, TextWriter.Null, waits: null, notices: error), output, TextWriter.Null);
        }

        if (TerminalConsole.CanRedraw(output))
        {
            TerminalView view = TerminalView.Start(
                live, TerminalConsole.Behind(output), TerminalConsole.HasColors, TerminalConsole.Size, context.Clock);
            looking.Add(view);
            looking.Add(new Ending(context.Messages.To(view.Lines)));
            return new ShownRun(With(options, live, view.Lines, waits: null, notices: view.Lines), view.Lines, view.Lines)
            {
                IsOnTerminal = true,
            };
        }

        // Several threads write: the work, and the view.
        TextWriter lines = TextWriter.Synchronized(output);
        looking.Add(new PlainView(live, lines, context.Clock));
        return new ShownRun(With(options, live, lines, waits: lines, notices: lines), lines, lines);
    }

    private PointRunnerOptions With(
        PointRunnerOptions options, LiveRun live, TextWriter engineOutput, TextWriter? waits, TextWriter notices) => options with
        {
            EngineOutput = ReferenceEquals(options.EngineOutput, TextWriter.Null) ? options.EngineOutput : engineOutput,
            Measurement = options.Measurement with
            {
                Live = live,
                Progress = new LiveActivity(live, waits is null ? null : new TerminalProgress(waits, context.Clock)),
                Notices = new TerminalProgress(notices, context.Clock),
            },
        };

    /// <summary>Ends something at its place among what ends with the command.</summary>
    private sealed class Ending(IDisposable ended) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            ended.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
