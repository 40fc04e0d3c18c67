using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;
using Spectre.Console;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Shows how far a sweep is.</summary>
/// <param name="output">Where to.</param>
/// <param name="title">Name of the experiment.</param>
/// <param name="total">Points that will run.</param>
internal sealed class SweepProgress(TextWriter output, string title, int total)
{
    // Enough to see that something moves, few enough for a log file.
    private const int PlainLines = 10;

    private readonly Lock gate = new();
    private int done;

    /// <summary>Shows a sweep while it runs.</summary>
    /// <param name="isQuick">
    /// Whether points are quick and many: then a bar moves on a terminal, and elsewhere a line is written now and then. Slow points get
    /// a line each, with their verdict.
    /// </param>
    /// <param name="sweep">The sweep. It calls the given action for each point that has ended, from any thread.</param>
    internal Task<IReadOnlyDictionary<string, RunVerdict>> ShowAsync(
        bool isQuick, Func<Action<OperatingPoint, string>, Task<IReadOnlyDictionary<string, RunVerdict>>> sweep)
    {
        if (!isQuick)
        {
            return sweep(WriteResult);
        }

        return ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            ? AnsiConsole.Progress()
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
