using GreenServe.Cli.Terminal;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;
using Spectre.Console;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Shows how many points of a sweep have ended.</summary>
/// <param name="output">Where the progress is shown.</param>
/// <param name="title">Name of the experiment.</param>
/// <param name="total">Number of points that will run.</param>
internal sealed class SweepProgress(TextWriter output, string title, int total)
{
    /// <summary>Lines in all where there is no terminal: enough to see progress, and few enough for a log file.</summary>
    private const int PlainLines = 10;

    private readonly Lock gate = new();
    private int done;

    /// <summary>Shows a sweep while it runs.</summary>
    /// <param name="isQuick">
    /// Whether points are quick and many. A terminal then shows a bar, and a file gets a line for every tenth of the points. Slow points
    /// get a line each, with their verdict.
    /// </param>
    /// <param name="sweep">The sweep. It calls the given action for each point that has ended, from any thread.</param>
    internal Task<IReadOnlyDictionary<string, RunVerdict>> ShowAsync(
        bool isQuick, Func<Action<OperatingPoint, string>, Task<IReadOnlyDictionary<string, RunVerdict>>> sweep)
    {
        if (!isQuick)
        {
            return sweep(WriteResult);
        }

        return TerminalConsole.IsInteractive(output)
            ? TerminalConsole.On(output).Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context =>
                {
                    ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
                    return sweep((_, _) => task.Increment(1));
                })
            : sweep(WriteCount);
    }

    private void WriteResult(OperatingPoint point, string result)
    {
        lock (gate)
        {
            output.WriteLine($"{++done}/{total} {point.Id}: {result}");
        }
    }

    private void WriteCount(OperatingPoint point, string result)
    {
        int stride = Math.Max(1, total / PlainLines);
        lock (gate)
        {
            done++;
            if (done % stride == 0 || done == total)
            {
                output.WriteLine($"{title}: {done} of {total}");
            }
        }
    }
}
