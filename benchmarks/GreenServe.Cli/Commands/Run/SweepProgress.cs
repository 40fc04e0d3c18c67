using GreenServe.Cli.Live;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Writes lines about the points of a sweep that have ended.</summary>
/// <param name="run">Where the lines go, and the name of the experiment.</param>
/// <param name="total">Number of points that will run.</param>
/// <param name="isQuick">
/// Whether points are quick and many. A file then gets a line for every tenth of the points, and a terminal none, since its view counts
/// them. Slow points get a line each, with their verdict.
/// </param>
internal sealed class SweepProgress(ShownRun run, int total, bool isQuick)
{
    /// <summary>Lines in all where points are quick: enough to see progress, and few enough for a log file.</summary>
    private const int PlainLines = 10;

    private readonly Lock gate = new();
    private int done;

    /// <summary>Takes a point that has ended. Any thread may call it.</summary>
    internal void Take(OperatingPoint point, string result)
    {
        lock (gate)
        {
            done++;
            if (!isQuick)
            {
                run.Lines.WriteLine($"{done}/{total} {point.Id}: {result}");
            }
            else if (!run.IsOnTerminal && (done % Math.Max(1, total / PlainLines) == 0 || done == total))
            {
                run.Lines.WriteLine($"{run.Live.Latest.Title}: {done} of {total}");
            }
        }
    }
}
