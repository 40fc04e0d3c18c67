using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Running.Machine;
using GreenServe.Serving.Load;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>
/// Measures a run beside its requests: the meters, the server's metrics and the load of the host. It writes readings into the
/// record during the run, and judges the run at its end.
/// </summary>
internal sealed class PointMeasurement : IAsyncDisposable
{
    // The load begins a little after the measurement, so the window's edges are known only roughly beforehand. Counters are
    // therefore read at a high rate at two moments around each expected edge.
    private static readonly double[] SecondsAfterWarmUp = [0.05, 0.2];
    private static readonly double[] SecondsAfterLastArrival = [-0.1, 0.05];

    private readonly RunRecordWriter record;
    private readonly ServedTarget target;
    private readonly RunClock clock;
    private readonly ReadingLog readings;
    private readonly PowerRecording power;
    private readonly MetricsScraper scraper;
    private readonly HostLoad? host;
    private readonly double begunSeconds;

    private PointMeasurement(
        RunRecordWriter record,
        ServedTarget target,
        RunClock clock,
        ReadingLog readings,
        LiveMeters live,
        PowerRecording power,
        MetricsScraper scraper)
    {
        this.record = record;
        this.target = target;
        this.clock = clock;
        this.readings = readings;
        Live = live;
        this.power = power;
        this.scraper = scraper;
        host = target.WatchHost();
        begunSeconds = clock.Seconds;
    }

    /// <summary>The meters as a view shows them.</summary>
    internal LiveMeters Live { get; }

    /// <summary>The energy of the window; <c>null</c> until the record is complete, and where it was not measured.</summary>
    internal ScopeEnergy? Headline { get; private set; }

    /// <summary>Starts the meters, the scraping of the server's metrics and the watch on the host.</summary>
    /// <param name="record">Receives every reading.</param>
    /// <param name="meters">The meters of power and energy.</param>
    /// <param name="target">The server that is measured.</param>
    /// <param name="metrics">Address of the server's metrics.</param>
    /// <param name="clock">The clock of the run.</param>
    internal static PointMeasurement Start(
        RunRecordWriter record, MeterCatalog meters, ServedTarget target, Uri metrics, RunClock clock)
    {
        ReadingLog readings = new(PowerRecording.Into(record));
        LiveMeters live = new(readings, meters.Meters);
        PowerRecording power = PowerRecording.Start(meters, clock, live);
        MetricsScraper scraper = MetricsScraper.Start(metrics, clock, record);
        return new PointMeasurement(record, target, clock, readings, live, power, scraper);
    }

    /// <summary>
    /// Marks the expected edges of the steady window: the end of warm-up and of the users' ramp, and the last arrival or the end of a
    /// closed loop. Slow counters are read at a high rate around them.
    /// </summary>
    internal void WatchEdges(RequestSchedule schedule)
    {
        double lastArrival = schedule.Concurrency is null
            ? schedule.Requests.Max(request => request.ScheduledSeconds)
            : schedule.DurationSeconds ?? 0;
        double begin = Math.Max(schedule.WarmUpSeconds, schedule.LastUserBeginsSeconds);
        IEnumerable<double> edges = SecondsAfterWarmUp.Select(seconds => begin + seconds)
            .Concat(SecondsAfterLastArrival.Select(seconds => lastArrival + seconds));
        foreach (double edge in edges.Where(edge => edge > 0))
        {
            power.WatchEdge(begunSeconds + edge);
        }
    }

    /// <summary>Marks a moment (s on the run's clock) around which slow counters are read at a high rate.</summary>
    internal void WatchEdge(double seconds) => power.WatchEdge(seconds);

    /// <summary>Stops the measurement, judges the run, and completes its record.</summary>
    /// <param name="outcome">The result of the load.</param>
    /// <param name="schedule">The schedule that was sent.</param>
    /// <param name="further">Counts from before the load, by counter name, such as settings that were not taken as asked.</param>
    internal async Task<RunRecord> CompleteAsync(
        LoadOutcome outcome, RequestSchedule schedule, IReadOnlyDictionary<string, double> further)
    {
        HostUse? hostUse = host?.UseOver(clock.Seconds - begunSeconds);
        PowerRecordingSummary metering = await power.StopAsync().ConfigureAwait(false);
        ScrapeOutcome scraped = await scraper.StopAsync().ConfigureAwait(false);
        foreach (EngineStep step in await target.ReadStepsAsync(clock).ConfigureAwait(false))
        {
            record.Add(step);
        }

        LoadOutcome aligned = outcome.Window is { } window ? outcome.Within(readings.Align(window, metering.Meters)) : outcome;
        VerdictReason[] reasons =
        [
            .. metering.Reasons,
            .. aligned.Window is { } measured ? readings.VerdictReasons(measured, metering.Meters) : [],
            .. scraped.Reasons(schedule),
            .. target.Reasons(),
            .. hostUse?.Reasons ?? [],
        ];
        Dictionary<string, double> counters =
            aligned.Counters.Concat(metering.Counters).Concat(scraped.Counters).Concat(further).ToDictionary();
        if (hostUse is { } use)
        {
            counters[RunCounter.HostOtherCpuCores.Name] = use.OtherCores;
        }

        Headline = aligned.Window is { } last ? HeadlineScope.Of(readings.Measure(last, metering.Meters)) : null;
        return record.CompleteJudged(manifest => aligned.Complete(manifest, reasons) with
        {
            Evidence = manifest.Evidence.WithEnergy(Headline?.IsEstimated),
            Meters = metering.Meters,
            Counters = counters,
        });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await scraper.DisposeAsync().ConfigureAwait(false);
        await power.DisposeAsync().ConfigureAwait(false);
    }
}
