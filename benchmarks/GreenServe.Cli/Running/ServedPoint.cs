using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Cli.Running;

/// <summary>An operating point on a real server: workload file to run record, in real time, with the meters of this machine.</summary>
/// <param name="point">What is asked.</param>
/// <param name="conditions">The machine, prepared: meters, knobs, baselines.</param>
/// <param name="load">How the schedule is sent.</param>
internal sealed class ServedPoint(OperatingPoint point, PreparedMachine conditions, LoadOptions load)
{
    /// <summary>What the record calls the server.</summary>
    internal BackendKind Backend { get; init; } = BackendKind.OpenAI;

    /// <summary>
    /// What the server runs on; <c>null</c> for a foreign server, which does not tell: what the point says of it would be a guess.
    /// </summary>
    internal ServingSystem? System { get; init; }

    /// <summary>What the server is, in its own words; <c>null</c> for what its dialect tells.</summary>
    internal string? ServerText { get; init; }

    /// <summary>Watches what else the host does, where the server computes on its processor; <c>null</c> where that says nothing.</summary>
    internal Func<(HostLoad Load, int EngineThreads)>? WatchHost { get; init; }

    /// <summary>Reads the server's own steps after the load; <c>null</c> for a server that logs none.</summary>
    internal Func<RunClock, Task<IEnumerable<EngineStep>>>? ReadSteps { get; init; }

    /// <summary>Where the server's Prometheus metrics are; <c>null</c> for <c>/metrics</c> at its root.</summary>
    internal Uri? MetricsAddress { get; init; }

    /// <summary>What others hold against the run once the load has ended; <c>null</c> for nobody.</summary>
    internal Func<IEnumerable<VerdictReason>>? ServerReasons { get; init; }

    /// <summary>Sends the point's schedule to a server and leaves the record in a new folder.</summary>
    /// <param name="options">Where and how to reach the server.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    internal async Task<RunVerdict> RunAsync(OpenAiOptions options, string folder, CancellationToken cancellationToken)
    {
        using IDisposable hold = StopSignals.Hold();
        RequestSchedule schedule = point.Schedule();
        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        Baselines? baselines = backend.Server.IsSimulated ? null : await conditions.MeasureBaselinesAsync(cancellationToken).ConfigureAwait(false);
        RunClock clock = RunClock.Start(TimeProvider.System);

        // This machine's joules are not those of the machine that such a server pretends to be.
        using MeterCatalog? none = backend.Server.IsSimulated ? MeterCatalog.Discover(MeterOptions.None) : null;
        MeterCatalog metered = none ?? conditions.Meters;
        using RunRecordWriter record = RunRecordWriter.Create(folder, Manifest(schedule, backend.Server, metered, clock) with { Baselines = baselines });
        ReadingLog readings = new(PowerRecording.Into(record));
        await using PowerRecording power = PowerRecording.Start(metered, clock, readings);
        await using MetricsScraper scraper = MetricsScraper.Start(MetricsAddress ?? new Uri(backend.Root, "metrics"), clock, record);

        (HostLoad Load, int EngineThreads)? host = WatchHost?.Invoke();
        double begun = clock.Seconds;
        WatchEdges(power, schedule, begun);
        LoadOutcome outcome = await LoadGenerator
            .RunAsync(schedule, backend, clock, record, load, power.WatchEdge, cancellationToken).ConfigureAwait(false);
        double? otherCores = host?.Load.OtherCores(clock.Seconds - begun);
        PowerRecordingSummary metering = await power.StopAsync().ConfigureAwait(false);
        ScrapeOutcome scraped = await scraper.StopAsync().ConfigureAwait(false);
        foreach (EngineStep step in ReadSteps is null ? [] : await ReadSteps(clock).ConfigureAwait(false))
        {
            record.Add(step);
        }

        LoadOutcome aligned = outcome.Window is { } window ? outcome.Within(readings.Align(window, metering.Meters)) : outcome;
        VerdictReason[] reasons =
        [
            .. metering.Reasons,
            .. aligned.Window is { } measured ? readings.VerdictReasons(measured, metering.Meters) : [],
            .. scraped.Reasons(schedule),
            .. ServerReasons?.Invoke() ?? [],
        ];
        reasons = host?.Load.ReasonAgainst(otherCores, host.Value.EngineThreads) is { } busy ? [.. reasons, busy] : reasons;
        Dictionary<string, double> counters =
            aligned.Counters.Concat(metering.Counters).Concat(scraped.Counters).Concat(conditions.Refused).ToDictionary();
        if (otherCores is { } others)
        {
            counters[RunCounter.HostOtherCpuCores.Name] = others;
        }

        return record.Complete(manifest => aligned.Complete(manifest, reasons) with
        {
            Meters = metering.Meters,
            Counters = counters,
        });
    }

    /// <summary>
    /// Has expensive counters read sharply where the steady window will probably begin and end: at the end of warm-up, and at the last
    /// arrival or the end of a closed loop. The load begins a little after the call; several refreshes about each edge allow for it.
    /// </summary>
    private static void WatchEdges(PowerRecording power, RequestSchedule schedule, double begunSeconds)
    {
        double end = schedule.Concurrency is null ? schedule.Requests.Max(request => request.ScheduledSeconds) : schedule.DurationSeconds ?? 0;
        double[] edges = [begunSeconds + schedule.WarmUpSeconds + 0.05, begunSeconds + schedule.WarmUpSeconds + 0.2, begunSeconds + end - 0.1, begunSeconds + end + 0.05];
        foreach (double edge in edges.Where(edge => edge > begunSeconds))
        {
            power.WatchEdge(edge);
        }
    }

    private RunManifest Manifest(RequestSchedule schedule, ServerDescription server, MeterCatalog metered, RunClock clock)
    {
        EvidenceKind evidence = server.IsSimulated ? EvidenceKind.Simulated : EvidenceKind.Measured;
        RunEnvironment environment = RunEnvironment.Host() with
        {
            Gpus = [.. metered.Gpus.Select(gpu => gpu.Description)],
            Server = server.IsSimulated ? "greenserve, simulated in real time" : ServerText ?? $"{EnumText.Of(server.Dialect)} {server.Version}".Trim(),
        };
        return PointManifest.Of(point, schedule, Backend, server.Model, evidence, environment) with
        {
            Knobs = conditions.AsRecorded(point.Knobs),
            System = System,
            GpusUsed = metered.Gpus.Count > 0 ? metered.Gpus.Count : null,
            StartedAt = clock.StartedAt,
            Meters = metered.Meters,
        };
    }
}
