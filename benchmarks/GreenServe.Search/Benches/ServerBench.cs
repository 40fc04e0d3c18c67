using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Running;
using GreenServe.Workloads;
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

    /// <summary>
    /// A warm-up may be shorter than a request by this factor. The load then still grows a little, by no more than it varies by chance.
    /// </summary>
    private const double MaxServiceInWarmUps = 1.5;

    /// <summary>Time before and after the load of a point until something better is known (s).</summary>
    private const double UsualOverheadSeconds = 3;

    /// <summary>Time for the table and the report after the last load (s).</summary>
    private const double ReportSeconds = 4;

    private readonly List<LoadResult> results = [];
    private readonly Dictionary<string, OperatingPoint> earlier = [];
    private long begin;
    private double waitedSeconds;
    private double overheadSeconds = UsualOverheadSeconds;

    /// <summary>Receives each result.</summary>
    public Action<LoadResult> Finished { get; init; } = _ => { };

    /// <summary>Mean time of a request at the lowest load so far (s); <c>null</c> where it is not known.</summary>
    private double? ServiceSeconds => results.Min(result => result.Metrics.Latencies.E2e?.MeanSeconds);

    /// <summary>Runs the loads.</summary>
    /// <param name="cancellationToken">Stops the bench. The results so far are returned.</param>
    /// <exception cref="InvalidInputException">The folder holds records of something else.</exception>
    /// <exception cref="UnavailableException">The first load could not run.</exception>
    public async Task<BenchResult> RunAsync(CancellationToken cancellationToken)
    {
        ReadEarlier();
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

    /// <summary>
    /// Finds the points of an earlier bench in the folder. Their lengths may differ from those of this one, which may have more time. It
    /// refuses records that were asked for something else, also those of loads that this bench may never come to: a report of the folder
    /// would show them beside its own.
    /// </summary>
    private void ReadEarlier()
    {
        string[] records = Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, RunFiles.Manifest))).Order()]
            : [];
        foreach (string record in records)
        {
            Workload recorded = DocumentTree.Of(RunRecord.Read(record).Manifest.Workload).BindWritten<Workload>();
            Workload asked = plan.Point.Workload with
            {
                Arrival = recorded.Arrival,
                Requests = recorded.Requests,
                DurationSeconds = recorded.DurationSeconds,
                WarmUpSeconds = recorded.WarmUpSeconds,
            };
            OperatingPoint point = plan.Point with { Workload = asked, Id = Path.GetFileName(record) };
            ResumedSweep.RequireSame(folder, point, options);
            earlier[point.Id] = point;
        }
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
            if (results.Count > 0 && !HasTimeFor(plan.At(load, ServiceSeconds)))
            {
                return FormattableString.Invariant(
                    $"The time was over: {load} would have been next. A larger --minutes measures more loads.");
            }

            await RunAsync(load, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Whether a point and the report after it fit into the time.</summary>
    private bool HasTimeFor(OperatingPoint point)
    {
        double used = clock.GetElapsedTime(begin).TotalSeconds - waitedSeconds;
        return used + (point.Workload.DurationSeconds ?? 0) + overheadSeconds + ReportSeconds <= plan.Seconds;
    }

    private async Task RunAsync(OfferedLoad load, CancellationToken cancellationToken)
    {
        OperatingPoint point = plan.At(load, ServiceSeconds);
        LoadResult result = await RunOnceAsync(load, point, cancellationToken).ConfigureAwait(false);
        if (Repeated(result, point) is { } again && (plan.Loads.Count > 0 || results.Count == 0 || HasTimeFor(again)))
        {
            result = await RunOnceAsync(load, again, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        RequireSameServer(result);
        results.Add(result);
        Finished(result);
    }

    /// <summary>The point that may give a better result; <c>null</c> where the first result is as good as any.</summary>
    private OperatingPoint? Repeated(LoadResult result, OperatingPoint point)
    {
        if (result.WasClientDisturbed)
        {
            // Another program on the host may have disturbed the client, and the next attempt may be undisturbed.
            return point with { Id = $"{point.Id}-again" };
        }

        if (!plan.HasOwnLengths || !(result.IsTooShort || BeganTooEarly(result, point)))
        {
            return null;
        }

        double? service = ServiceSeconds ?? result.Metrics.Latencies.E2e?.MeanSeconds;
        return plan.At(result.Load, service, result.IsTooShort ? LongerFactor : 1) with { Id = $"{point.Id}-longer" };
    }

    /// <summary>
    /// Whether the window of an open loop began before the first requests could end, because nobody knew how long they take. Its load then
    /// still grows inside the window.
    /// </summary>
    private bool BeganTooEarly(LoadResult result, OperatingPoint point) =>
        plan.WarmUpSeconds is null && result is { Load.Users: null, IsAboveCapacity: false, IsVoid: false }
        && result.Metrics.Latencies.E2e?.MeanSeconds > MaxServiceInWarmUps * point.Workload.WarmUpSeconds;

    /// <summary>Refuses a result of another server than the first: the loads of two servers are no curve.</summary>
    /// <exception cref="UnavailableException">Model, server or evidence differ.</exception>
    private void RequireSameServer(LoadResult result)
    {
        if (results.Count == 0)
        {
            return;
        }

        RunManifest first = results[0].Metrics.Manifest;
        RunManifest next = result.Metrics.Manifest;
        bool isSame = first.Model == next.Model && first.Environment.Server == next.Environment.Server
            && first.Evidence == EvidenceKind.Simulated == (next.Evidence == EvidenceKind.Simulated);
        if (!isSame)
        {
            throw new UnavailableException(
                $"Another server answered at {result.Load}: {NameOf(next)}, after {NameOf(first)}. Bench it in a folder of its own.");
        }
    }

    private static string NameOf(RunManifest manifest) =>
        $"{manifest.Model} on {manifest.Environment.Server ?? "an unknown server"} ({EnumText.Of(manifest.Evidence)})";

    private async Task<LoadResult> RunOnceAsync(OfferedLoad load, OperatingPoint point, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string place = Path.Combine(folder, point.Id);
        long start = clock.GetTimestamp();
        bool isOfEarlierBench = plan.HasOwnLengths && earlier.ContainsKey(point.Id);
        RunRecord record = ResumedSweep.KeptRecord(folder, isOfEarlierBench ? earlier[point.Id] : point, options)
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
