using System.Collections.Concurrent;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>
/// Runs many points, each into a record of its own in one folder. A point that cannot run does not stop the others.
/// </summary>
/// <param name="runner">Runs each point.</param>
/// <param name="folder">Folder for the records. Each record is named by its point's id.</param>
public sealed class PointSweep(IPointRunner runner, string folder)
{
    private readonly ConcurrentDictionary<string, RunVerdict> verdicts = [];
    private readonly ConcurrentDictionary<string, string> failures = [];

    /// <summary>Why points could not be run, each with its point, in ordinal order of the points' ids.</summary>
    public IEnumerable<string> Failures =>
        failures.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}");

    /// <summary>Runs the points, several at a time where the runner allows it.</summary>
    /// <param name="points">The points to run. They have no problems by <see cref="IPointRunner.Check"/>.</param>
    /// <param name="parallel">
    /// Number of points that run at the same time where the runner allows it, and the token that stops the sweep.
    /// </param>
    /// <param name="finished">Receives each point and its outcome; called from any thread.</param>
    /// <returns>The verdict of each point that was run, by the point's id. Points that could not be run are missing.</returns>
    public async Task<IReadOnlyDictionary<string, RunVerdict>> RunAsync(
        IReadOnlyList<OperatingPoint> points, ParallelOptions parallel, Action<OperatingPoint, string> finished)
    {
        IReadOnlyList<OperatingPoint> ordered = runner.InRunOrder(points);
        if (runner.RunsConcurrently)
        {
            await Parallel.ForEachAsync(ordered, parallel, (point, token) => RunOneAsync(point, finished, token)).ConfigureAwait(false);
            return verdicts;
        }

        foreach (OperatingPoint point in ordered)
        {
            await RunOneAsync(point, finished, parallel.CancellationToken).ConfigureAwait(false);
            parallel.CancellationToken.ThrowIfCancellationRequested();
        }

        return verdicts;
    }

    private async ValueTask RunOneAsync(OperatingPoint point, Action<OperatingPoint, string> finished, CancellationToken cancellationToken)
    {
        try
        {
            RunRecord record = await runner.RunAsync(point, Path.Combine(folder, point.Id), cancellationToken).ConfigureAwait(false);
            RunVerdict verdict = record.Manifest.Verdict;
            verdicts[point.Id] = verdict;
            finished(point, verdict.ToString());
        }
        catch (UnavailableException exception)
        {
            failures[point.Id] = exception.Message;
            finished(point, $"not run: {exception.Message}");
        }
    }
}
