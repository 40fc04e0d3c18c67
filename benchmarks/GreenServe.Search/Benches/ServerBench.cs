using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search.Benches;

/// <summary>Measures a running server at one load after the other, until its curve is known or the time is over.</summary>
/// <param name="runner">Runs each load.</param>
/// <param name="options">The options that the runner was opened with, by which earlier records are recognised.</param>
/// <param name="plan">What is asked of the server, and how much time there is.</param>
/// <param name="folder">Folder for the records, one for each load. Whole records of the same plan in it are used again.</param>
/// <param name="clock">Measures the time.</param>
public sealed class ServerBench(IPointRunner runner, PointRunnerOptions options, BenchPlan plan, string folder, TimeProvider clock)
{
    /// <summary>A load that was too short is repeated once, this many times as long.</summary>
    private const double LongerFactor = 3;

    /// <summary>Time before and after the load of a point until something better is known (s).</summary>
    private const double UsualOverheadSeconds = 3;

    /// <summary>Time for the table and the report after the last load (s).</summary>
    private const double ReportSeconds = 4;

    private readonly List<LoadResult> results = [];
    private long begin;
    private double waitedSeconds;
    private double overheadSeconds = UsualOverheadSeconds;

    /// <summary>Receives each load before it runs.</summary>
    public Action<OfferedLoad> Starting { get; init; } = _ => { };

    /// <summary>Receives each result.</summary>
    public Action<LoadResult> Finished { get; init; } = _ => { };

    /// <summary>Mean time of a request with one user (s); <c>null</c> where it is not known.</summary>
    private double? ServiceSeconds =>
        results.FirstOrDefault(result => result.Load.Users == 1)?.Metrics.Latencies.E2e?.MeanSeconds;

    /// <summary>Runs the loads.</summary>
    /// <param name="cancellationToken">Stops the bench. The results so far are returned.</param>
    /// <exception cref="UnavailableException">The first load could not run.</exception>
    public async Task<BenchResult> RunAsync(CancellationToken cancellationToken)
    {
        begin = clock.GetTimestamp();
        string? stoppedBy = null;
        try
        {
            stoppedBy = plan.Loads.Count > 0
                ? await RunGivenAsync(cancellationToken).ConfigureAwait(false)
                : await RunLadderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (UnavailableException exception) when (results.Count > 0)
        {
            stoppedBy = exception.Message;
        }

        return new BenchResult
        {
            Results = [.. results.OrderBy(result => result.Load.Users is null).ThenBy(result => result.Load.Users)
                .ThenBy(result => result.Load.RequestsPerSecond)],
            StoppedBy = stoppedBy,
            IsInterrupted = cancellationToken.IsCancellationRequested,
        };
    }

    private async Task<string?> RunGivenAsync(CancellationToken cancellationToken)
    {
        foreach (OfferedLoad load in plan.Loads)
        {
            await RunAsync(load, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<string?> RunLadderAsync(CancellationToken cancellationToken)
    {
        while (LoadLadder.Next(results) is { } load)
        {
            double seconds = plan.At(load, ServiceSeconds).Workload.DurationSeconds ?? 0;
            double end = clock.GetElapsedTime(begin).TotalSeconds - waitedSeconds + seconds + overheadSeconds + ReportSeconds;
            if (results.Count > 0 && end > plan.Seconds)
            {
                return FormattableString.Invariant(
                    $"The time was over: {load} would have been next. A larger --minutes measures more loads.");
            }

            await RunAsync(load, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async Task RunAsync(OfferedLoad load, CancellationToken cancellationToken)
    {
        Starting(load);
        OperatingPoint point = plan.At(load, ServiceSeconds);
        LoadResult result = await RunOnceAsync(load, point, cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested && result.WasClientDisturbed)
        {
            // Another program on the host may have disturbed the client, and the next attempt may be undisturbed.
            result = await RunOnceAsync(load, point with { Id = $"{point.Id}-again" }, cancellationToken).ConfigureAwait(false);
        }
        else if (!cancellationToken.IsCancellationRequested && plan.HasOwnLengths && result.IsTooShort)
        {
            double? service = ServiceSeconds ?? result.Metrics.Latencies.E2e?.MeanSeconds;
            OperatingPoint longer = plan.At(load, service, LongerFactor) with { Id = $"{point.Id}-longer" };
            result = await RunOnceAsync(load, longer, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        results.Add(result);
        Finished(result);
    }

    private async Task<LoadResult> RunOnceAsync(OfferedLoad load, OperatingPoint point, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string place = Path.Combine(folder, point.Id);
        long start = clock.GetTimestamp();
        RunRecord record = ResumedSweep.KeptRecord(folder, point, options)
            ?? await runner.RunAsync(point, place, cancellationToken).ConfigureAwait(false);
        LoadResult result = new(load, new ExperimentRun(place, RunMetrics.Of(record)), clock.GetElapsedTime(start).TotalSeconds);
        if (results.Count == 0)
        {
            // Only the first point waits until the server is ready, and measures the baseline. Nobody can shorten the wait.
            waitedSeconds = options.Measurement.Live.Latest.WaitedSeconds;
        }
        else
        {
            overheadSeconds = Math.Max(0, result.WallSeconds - (point.Workload.DurationSeconds ?? 0));
        }

        return result;
    }
}
