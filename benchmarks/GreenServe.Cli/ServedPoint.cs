using GreenServe.Metering;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Cli;

/// <summary>An operating point on a real server: workload file to run record, in real time, with the meters of this machine.</summary>
/// <param name="point">What is asked.</param>
/// <param name="meters">What reads power and energy.</param>
/// <param name="load">How the schedule is sent.</param>
internal sealed class ServedPoint(OperatingPoint point, MeterCatalog meters, LoadOptions load)
{
    /// <summary>What the record calls the server.</summary>
    internal BackendKind Backend { get; init; } = BackendKind.OpenAI;

    /// <summary>
    /// What the server runs on; <c>null</c> for a foreign server, which does not tell: what the point says of it would be a guess.
    /// </summary>
    internal ServingSystem? System { get; init; }

    /// <summary>Reads the server's own steps after the load; <c>null</c> for a server that logs none.</summary>
    internal Func<RunClock, Task<IEnumerable<EngineStep>>>? ReadSteps { get; init; }

    /// <summary>Where the server's Prometheus metrics are; <c>null</c> for <c>/metrics</c> at its root.</summary>
    internal Uri? MetricsAddress { get; init; }

    /// <summary>What others hold against the run once the load has ended; <c>null</c> for nobody.</summary>
    internal Func<IEnumerable<VerdictReason>>? Objections { get; init; }

    /// <summary>Sends the point's schedule to a server and leaves the record in a new folder.</summary>
    /// <param name="options">Where and how to reach the server.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="cancellationToken">Stops the run; what has ended by then stays recorded.</param>
    internal async Task<RunVerdict> RunAsync(OpenAiOptions options, string folder, CancellationToken cancellationToken)
    {
        using IDisposable hold = StopSignals.Hold();
        RequestSchedule schedule = point.Schedule();
        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        RunClock clock = RunClock.Start(TimeProvider.System);

        // This machine's joules are not those of the machine that such a server pretends to be.
        using MeterCatalog? none = backend.Server.IsSimulated ? MeterCatalog.Discover(MeterOptions.None) : null;
        MeterCatalog metered = none ?? meters;
        using RunRecordWriter record = RunRecordWriter.Create(folder, Manifest(schedule, backend.Server, metered, clock));
        await using PowerRecording power = PowerRecording.Start(metered, clock, record);
        await using MetricsScraper scraper = MetricsScraper.Start(MetricsAddress ?? new Uri(backend.Root, "metrics"), clock, record);

        LoadOutcome outcome = await LoadGenerator.RunAsync(schedule, backend, clock, record, load, cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary metering = await power.StopAsync().ConfigureAwait(false);
        ScrapeOutcome scraped = await scraper.StopAsync().ConfigureAwait(false);

        foreach (EngineStep step in ReadSteps is null ? [] : await ReadSteps(clock).ConfigureAwait(false))
        {
            record.Add(step);
        }

        return record.Complete(manifest => outcome.Complete(manifest, metering.Reasons.Concat(scraped.Reasons(schedule)).Concat(Objections?.Invoke() ?? [])) with
        {
            Meters = metering.Meters,
            Counters = outcome.Counters.Concat(metering.Counters).Concat(scraped.Counters).ToDictionary(),
        });
    }

    private RunManifest Manifest(RequestSchedule schedule, ServerDescription server, MeterCatalog metered, RunClock clock)
    {
        EvidenceKind evidence = server.IsSimulated ? EvidenceKind.Simulated : EvidenceKind.Measured;
        RunEnvironment environment = RunEnvironment.Host() with
        {
            Gpus = [.. metered.Gpus.Select(gpu => gpu.Description)],
            Server = server.IsSimulated ? "greenserve, simulated in real time" : $"{EnumText.Of(server.Dialect)} {server.Version}".Trim(),
        };
        return PointManifest.Of(point, schedule, Backend, server.Model, evidence, environment) with
        {
            System = System,
            StartedAt = clock.StartedAt,
            Meters = metered.Meters,
        };
    }
}
