using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Live;
using GreenServe.Running.Machine;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>Runs an operating point on a real server in real time, with the meters that see the server's energy.</summary>
/// <param name="point">The operating point.</param>
/// <param name="machine">The machine, prepared for the point.</param>
/// <param name="context">Load options, lifetime and clock.</param>
internal sealed class ServedPoint(OperatingPoint point, PreparedMachine machine, MeasurementContext context)
{
    /// <summary>Sends the point's schedule to a server and writes the record into a folder.</summary>
    /// <param name="target">The server that serves the point.</param>
    /// <param name="folder">Folder of the record; new or empty.</param>
    /// <param name="cancellationToken">Stops the run. The record keeps what was completed by then.</param>
    /// <exception cref="UnavailableException">The disk became full. The record stays readable as INVALID (interrupted).</exception>
    internal async Task<RunRecord> RunAsync(ServedTarget target, string folder, CancellationToken cancellationToken)
    {
        using IDisposable hold = context.Lifetime.Hold();
        LiveRun live = context.Live;
        RequestSchedule asked = point.Schedule();
        live.Enter(LivePhase.WaitingForServer);
        OpenAiOptions connection = target.Connection.For(asked);
        await using EndpointGroup endpoints = await EndpointGroup
            .OpenAsync(connection, cancellationToken, new ServerWait(context)).ConfigureAwait(false);

        ContextFit fit = ContextFit.Of(asked, endpoints.Server.ContextTokens);
        RequestSchedule schedule = fit.Schedule;
        foreach (string notice in endpoints.Notices.Append(fit.Note).OfType<string>())
        {
            context.Notices.Report(notice);
        }

        IReadOnlyList<Uri> metrics = target.Metrics is { } stated ? [stated] : endpoints.AddressesOf("metrics");
        using ServerMeters chosen = await ServerMeters
            .ChooseAsync(endpoints.Server.IsSimulated, metrics, machine.Meters, context, cancellationToken).ConfigureAwait(false);
        MeterCatalog meters = chosen.Catalog;
        EvidenceKind evidence = EvidenceOf(endpoints.Server, meters);
        live.Update(seen => seen with { Evidence = evidence });
        HostSpeed? speed = await HostSpeedAsync(endpoints, chosen, metrics, cancellationToken).ConfigureAwait(false);
        Baselines? baselines = await machine.MeasureBaselinesAsync(chosen, cancellationToken).ConfigureAwait(false);

        live.Enter(LivePhase.Preparing);
        RunClock clock = RunClock.Start(context.Clock);
        RunManifest manifest = Manifest(fit, endpoints, target, chosen, clock) with { Baselines = baselines };
        manifest = manifest with { Environment = manifest.Environment with { HostSpeed = speed } };
        RecordOptions options = new() { Tables = context.Tables };
        using RunRecordWriter record = RunRecordWriter.Create(folder, manifest, options, context.Clock);

        // A record that cannot be written needs no more load.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, record.Failed);
        await using PointMeasurement measurement = PointMeasurement.Start(record, meters, target, metrics[0], clock);
        measurement.WatchEdges(schedule);
        LoadRun load = new()
        {
            Schedule = schedule,
            Backend = endpoints.Backend,
            Clock = clock,
            Record = record,
            Options = context.Load,
            OnWindowEnd = measurement.WatchEdge,
            OnRequestEnd = live.Counting?.Invoke(TargetOf(manifest, connection)),
            OnProgress = live.IsWatched ? progress => live.Show(progress, measurement.Live) : null,
        };
        LoadOutcome outcome = await LoadGenerator.RunAsync(load, stop.Token).ConfigureAwait(false);
        live.Enter(LivePhase.Judging);
        RunRecord completed = await measurement.CompleteAsync(outcome, schedule, CountsBefore(fit, endpoints.Count)).ConfigureAwait(false);
        double? tokens = completed.Manifest.Counters.TryGetValue(RunCounter.WindowOutputTokens.Name, out double counted) ? counted : null;
        live.NoteResult(measurement.Headline?.Per(tokens ?? 0)?.Value, tokens / completed.Manifest.Window?.LengthSeconds);
        return completed;
    }

    /// <summary>The speed of the server's host; <c>null</c> for a simulated server, whose host does none of its work.</summary>
    private async Task<HostSpeed?> HostSpeedAsync(
        EndpointGroup endpoints, ServerMeters chosen, IReadOnlyList<Uri> metrics, CancellationToken cancellationToken) =>
        endpoints.Server.IsSimulated ? null
        : chosen.IsServerHere ? await context.HostSpeedAsync(cancellationToken).ConfigureAwait(false)
        : chosen.SpeedOfHosts([.. metrics.Select(address => address.IdnHost).Distinct()]);

    private static string NameOf(ServerDescription server) =>
        server.IsBuiltInEngine ? "greenserve-engine" : EnumText.Of(server.Dialect);

    private static EvidenceKind EvidenceOf(ServerDescription server, MeterCatalog meters) => server.IsSimulated
        ? EvidenceKind.Simulated
        : EvidenceKind.Measured.WithEnergy(HeadlineScope.IsEstimatedBy(meters.Meters));

    private LiveTarget TargetOf(RunManifest manifest, OpenAiOptions connection) => new(
        context.Live.Latest.Point, manifest.Model, connection.Endpoint, connection.IsChat, manifest.Evidence, context.Clock);

    /// <summary>What is known before the load: settings that were not taken as asked, requests too long, several endpoints.</summary>
    private Dictionary<string, double> CountsBefore(ContextFit fit, int endpoints)
    {
        Dictionary<string, double> counts = new(machine.Refused);
        if (fit.TooLong > 0)
        {
            counts[RunCounter.RequestsTooLong.Name] = fit.TooLong;
        }

        if (endpoints > 1)
        {
            counts[RunCounter.Endpoints.Name] = endpoints;
        }

        return counts;
    }

    private RunManifest Manifest(
        ContextFit fit, EndpointGroup endpoints, ServedTarget target, ServerMeters chosen, RunClock clock)
    {
        MeterCatalog meters = chosen.Catalog;
        string? whose = target.IsStartedHere || endpoints.Server.IsSimulated ? null : chosen.Note;
        ServerDescription server = endpoints.Server;
        RunEnvironment environment = RunEnvironment.Host() with
        {
            Gpus = [.. meters.Gpus.Select(gpu => gpu.Description)],
            Server = server.IsSimulated
                ? "greenserve, simulated in real time"
                : target.Description ?? $"{NameOf(server)} {server.Version}".Trim(),
        };
        RunSource source = new(target.Backend, server.Model, EvidenceOf(server, meters), environment);
        return PointManifest.Of(point, fit.Schedule, source) with
        {
            Knobs = machine.AsRecorded(point.Knobs),
            System = target.System,
            GpusUsed = meters.Gpus.Count > 0 ? meters.Gpus.Count : null,
            StartedAt = clock.StartedAt,
            Meters = meters.Meters,
            Notes =
            [
                .. fit.Schedule.Notes.Concat(endpoints.NotesOn(fit.Schedule)).Append(fit.Note).Append(whose).OfType<string>(),
                .. UnusedTraits.Notes(fit.Schedule, "the server"),
            ],
        };
    }
}
