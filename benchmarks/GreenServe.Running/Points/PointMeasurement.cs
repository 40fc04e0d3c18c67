using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Machine;
using GreenServe.Serving.Load;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>
/// Everything that watches a measured run beside its requests: the meters, the server's metrics and the load of the host. It writes
/// into the record while the run goes on, and judges the run at its end.
/// </summary>
internal sealed class PointMeasurement : IAsyncDisposable
{
    // The load begins a little after the measurement, and the window's edges are known only roughly beforehand. Counters are therefore
    // read sharply at two moments about each expected edge.
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
        RunRecordWriter record, ServedTarget target, RunClock clock, ReadingLog readings, PowerRecording power, MetricsScraper scraper)
    {
        this.record = record;
        this.target = target;
        this.clock = clock;
        this.readings = readings;
        this.power = power;
        this.scraper = scraper;
        host = target.WatchHost();
        begunSeconds = clock.Seconds;
    }

    /// <summary>Starts to meter, to scrape the server and to watch the host.</summary>
    /// <param name="record">Gets every reading.</param>
    /// <param name="meters">What reads power and energy.</param>
    /// <param name="target">The server.</param>
    /// <param name="serverRoot">The server's root, where its metrics are unless the target knows better.</param>
    /// <param name="clock">The clock of the run.</param>
    internal static PointMeasurement Start(
        RunRecordWriter record, MeterCatalog meters, ServedTarget target, Uri serverRoot, RunClock clock)
    {
        ReadingLog readings = new(PowerRecording.Into(record));
        PowerRecording power = PowerRecording.Start(meters, clock, readings);
        MetricsScraper scraper = MetricsScraper.Start(target.Metrics ?? new Uri(serverRoot, "metrics"), clock, record);
        return new PointMeasurement(record, target, clock, readings, power, scraper);
    }

    /// <summary>
    /// Has slow counters read sharply where the steady window will probably begin and end: at the end of warm-up, and at the last arrival
    /// or the end of a closed loop.
    /// </summary>
    internal void WatchEdges(RequestSchedule schedule)
    {
        double lastArrival = schedule.Concurrency is null
            ? schedule.Requests.Max(request => request.ScheduledSeconds)
            : schedule.DurationSeconds ?? 0;
        IEnumerable<double> edges = SecondsAfterWarmUp.Select(seconds => schedule.WarmUpSeconds + seconds)
            .Concat(SecondsAfterLastArrival.Select(seconds => lastArrival + seconds));
        foreach (double edge in edges.Where(edge => edge > 0))
        {
            power.WatchEdge(begunSeconds + edge);
        }
    }

    /// <summary>Has slow counters read sharply around a moment (s on the run's clock).</summary>
    internal void WatchEdge(double seconds) => power.WatchEdge(seconds);

    /// <summary>Stops to measure, judges the run, and completes its record.</summary>
    /// <param name="outcome">What became of the load.</param>
    /// <param name="schedule">What was sent.</param>
    /// <param name="refusedKnobs">Settings that the GPUs did not take as asked, by counter name.</param>
    internal async Task<RunVerdict> CompleteAsync(
        LoadOutcome outcome, RequestSchedule schedule, IReadOnlyDictionary<string, double> refusedKnobs)
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
            aligned.Counters.Concat(metering.Counters).Concat(scraped.Counters).Concat(refusedKnobs).ToDictionary();
        if (hostUse is { } use)
        {
            counters[RunCounter.HostOtherCpuCores.Name] = use.OtherCores;
        }

        return record.Complete(manifest => aligned.Complete(manifest, reasons) with { Meters = metering.Meters, Counters = counters });
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await scraper.DisposeAsync().ConfigureAwait(false);
        await power.DisposeAsync().ConfigureAwait(false);
    }
}
