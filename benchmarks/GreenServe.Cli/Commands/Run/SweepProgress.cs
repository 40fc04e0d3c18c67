using Spectre.Console;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Shows how far long work is: a bar on a terminal, a line now and then elsewhere.</summary>
internal sealed class SweepProgress(TextWriter output, string title, int total)
{
    private const int PlainLines = 10;

    /// <summary>Runs the work; it calls the given action once for each finished item, from any thread.</summary>
    internal void Run(Action<Action> work)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            RunPlain(work);
            return;
        }

        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
                work(() => task.Increment(1));
            });
    }

    private void RunPlain(Action<Action> work)
    {
        Lock gate = new();
        int done = 0;
        int stride = Math.Max(1, total / PlainLines);
        work(() =>
        {
            lock (gate)
            {
                done++;
                if (done % stride == 0 || done == total)
                {
                    output.WriteLine($"{title}: {done} of {total}");
                }
            }
        });
    }
}
