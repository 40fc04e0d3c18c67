using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Characterization;

/// <summary>Finds out what the meters of a machine do.</summary>
/// <remarks>
/// The characterization finds the refresh period and the call cost of each meter, and the idle power. It compares counter and averaged
/// power under steady load. It measures the response to a step of load and the cost of metering itself.
/// </remarks>
/// <param name="meters">The meters to look at, with the driver's samples for the shape of the power.</param>
/// <param name="usual">The meters as a run would use them, whose cost is measured.</param>
/// <param name="options">The load and the lengths.</param>
public sealed class MeterCharacterization(MeterCatalog meters, MeterCatalog usual, CharacterizationOptions options)
{
    /// <summary>The most that an edge of the window moves onto a refresh (s): five refreshes of the known counters.</summary>
    private const double LongestShiftSeconds = 0.5;

    /// <summary>A change of load is watched for this long (s): the averages of one second have followed it by then.</summary>
    private const double WatchedSeconds = 2;

    /// <summary>The distance of the watched moments (s): with one in each refresh, every refresh is read densely.</summary>
    private const double WatchIntervalSeconds = 0.1;

    /// <summary>The load runs longer than its window by this (s), so that the window ends before the load does.</summary>
    private const double SpareSeconds = 1;

    /// <summary>The longest wait until the weights of the load are in memory.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    /// <summary>How much longer than it was told to a load may take.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Receives a line for each step.</summary>
    /// <value>The default is <c>null</c>: nobody.</value>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Runs the load and looks at the meters.</summary>
    /// <param name="clock">The clock of the readings.</param>
    /// <param name="sink">Receives the readings of the steady loads.</param>
    /// <param name="cancellationToken">Stops the characterization.</param>
    /// <exception cref="Records.UnavailableException">The load does not follow its protocol.</exception>
    public async Task<CharacterizationReport> RunAsync(RunClock clock, IMeterSink sink, CancellationToken cancellationToken = default)
    {
        Progress?.Report("looking at the meters without load");
        IReadOnlyList<MeterProbeResult> without = await MeterProbe.RunAsync(meters, options.ProbeSeconds).ConfigureAwait(false);
        BaselineReading idle = await BaselineMeasurement.IdleAsync(meters, options.Idle, Progress, cancellationToken).ConfigureAwait(false);

        Progress?.Report($"starting the load: {options.LoadCommand}");
        using LoadProcess load = LoadProcess.Start(options.LoadCommand, clock.Provider);
        await load.WaitAsync("ready", LongestStart, cancellationToken).ConfigureAwait(false);
        BaselineReading loadedIdle = await BaselineMeasurement
            .LoadedIdleAsync(meters, options.LoadedIdle, Progress, cancellationToken).ConfigureAwait(false);

        List<SteadyLoadResult> loads = [];
        foreach (string kind in options.Kinds)
        {
            Progress?.Report($"steady load: {kind}");
            loads.Add(await MeasureSteadyLoadAsync(kind, load, clock, sink, cancellationToken).ConfigureAwait(false));
        }

        Progress?.Report("looking at the meters under load");
        IReadOnlyList<MeterProbeResult> under = await ProbeUnderLoadAsync(load, clock, cancellationToken).ConfigureAwait(false);
        InterferenceResult? interference = options.Pairs > 0
            ? await MeasureInterferenceAsync(load, clock, cancellationToken).ConfigureAwait(false)
            : null;
        await load.SendAsync("exit").ConfigureAwait(false);
        string[] gpus = [.. meters.Gpus.Select(gpu => gpu.DescribeEnvironment())];
        return new CharacterizationReport(clock.StartedAt, gpus, without, under, idle, loadedIdle, loads, interference);
    }

    private async Task<SteadyLoadResult> MeasureSteadyLoadAsync(
        string kind, LoadProcess load, RunClock clock, IMeterSink sink, CancellationToken cancellationToken)
    {
        ForwardingSink kept = new(sink);
        await using PowerRecording recording = PowerRecording.Start(meters, clock, kept);
        await DelayAsync(options.AroundSeconds, clock, cancellationToken).ConfigureAwait(false);
        double seconds = options.SettleSeconds + options.SteadySeconds + SpareSeconds;
        await load.SendAsync(FormattableString.Invariant($"run {seconds} {kind}")).ConfigureAwait(false);
        await load.WaitAsync("started", Grace, cancellationToken).ConfigureAwait(false);
        double up = clock.Seconds;
        double start = up + options.SettleSeconds;
        double end = start + options.SteadySeconds;
        WatchClosely(recording, up);
        recording.WatchEdge(start);
        recording.WatchEdge(end);
        LoadSteps steps = await load.WaitUntilDoneAsync(TimeSpan.FromSeconds(seconds) + Grace, cancellationToken).ConfigureAwait(false);
        double down = clock.Seconds;
        WatchClosely(recording, down);
        await DelayAsync(options.AroundSeconds, clock, cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary summary = await recording.StopAsync().ConfigureAwait(false);

        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(kept.Power);
        MeasurementWindow window = Align(new MeasurementWindow(start, end, $"steady {kind}"), summary.Meters, series);
        return new SteadyLoadResult(
            kind,
            window,
            Readings(window, summary.Meters, series),
            Checks(window, summary.Meters, series),
            Responses(series, up, down),
            steps.Count,
            steps.MedianSeconds);
    }

    private async Task<IReadOnlyList<MeterProbeResult>> ProbeUnderLoadAsync(
        LoadProcess load, RunClock clock, CancellationToken cancellationToken)
    {
        double seconds = options.ProbeSeconds + (2 * options.SettleSeconds);
        await load.SendAsync(FormattableString.Invariant($"run {seconds} {options.Kinds[0]}")).ConfigureAwait(false);
        await load.WaitAsync("started", Grace, cancellationToken).ConfigureAwait(false);
        await DelayAsync(options.SettleSeconds, clock, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<MeterProbeResult> under = await MeterProbe.RunAsync(meters, options.ProbeSeconds).ConfigureAwait(false);
        await load.WaitAsync("done", Grace, cancellationToken).ConfigureAwait(false);
        return under;
    }

    private async Task<InterferenceResult> MeasureInterferenceAsync(LoadProcess load, RunClock clock, CancellationToken cancellationToken)
    {
        string kind = options.Kinds[^1];

        // One metered phase does not count: the load warms up and the meters' refresh periods are found, as in a run after its baselines.
        await MeasureMeteredPhaseAsync(kind, load, clock, cancellationToken).ConfigureAwait(false);
        List<(double Without, double With)> pairs = [];
        double cores = 0, calls = 0;
        for (int pair = 0; pair < options.Pairs; pair++)
        {
            Progress?.Report($"cost of metering: pair {pair + 1} of {options.Pairs}");
            bool isMeteredFirst = pair % 2 == 1;
            LoadSteps? before = isMeteredFirst ? null : await RunPhaseAsync(kind, load, cancellationToken).ConfigureAwait(false);
            (LoadSteps metered, PowerRecordingSummary summary) =
                await MeasureMeteredPhaseAsync(kind, load, clock, cancellationToken).ConfigureAwait(false);
            LoadSteps unmetered = before ?? await RunPhaseAsync(kind, load, cancellationToken).ConfigureAwait(false);
            pairs.Add((unmetered.MedianSeconds, metered.MedianSeconds));
            cores += summary.Counters[RunCounter.MeteringCpuCores.Name] / options.Pairs;
            calls += summary.Counters[RunCounter.MeteringCalls.Name];
        }

        return InterferenceResult.Of(kind, pairs, cores, calls);
    }

    private async Task<(LoadSteps Steps, PowerRecordingSummary Summary)> MeasureMeteredPhaseAsync(
        string kind, LoadProcess load, RunClock clock, CancellationToken cancellationToken)
    {
        await using PowerRecording recording = PowerRecording.Start(usual, RunClock.Start(clock.Provider), new MemorySink());
        LoadSteps steps = await RunPhaseAsync(kind, load, cancellationToken).ConfigureAwait(false);
        return (steps, await recording.StopAsync().ConfigureAwait(false));
    }

    private async Task<LoadSteps> RunPhaseAsync(string kind, LoadProcess load, CancellationToken cancellationToken)
    {
        await load.SendAsync(FormattableString.Invariant($"run {options.PhaseSeconds} {kind}")).ConfigureAwait(false);
        return await load.WaitUntilDoneAsync(TimeSpan.FromSeconds(options.PhaseSeconds) + Grace, cancellationToken).ConfigureAwait(false);
    }

    private static Task DelayAsync(double seconds, RunClock clock, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), clock.Provider, cancellationToken);

    private static void WatchClosely(PowerRecording recording, double fromSeconds)
    {
        int moments = (int)Math.Round(WatchedSeconds / WatchIntervalSeconds);
        for (int moment = 0; moment < moments; moment++)
        {
            recording.WatchEdge(fromSeconds + (moment * WatchIntervalSeconds));
        }
    }

    private static MeasurementWindow Align(
        MeasurementWindow window, IReadOnlyList<MeterDescription> described, IReadOnlyDictionary<string, MeterSeries> series) =>
        described.FirstOrDefault(meter => meter.IsCounter && series.ContainsKey(meter.Name)) is { } counter
            ? EnergyWindow.AlignToRefreshes(window, counter, series[counter.Name], LongestShiftSeconds)
            : window;

    private static EnergyReading[] Readings(
        MeasurementWindow window, IReadOnlyList<MeterDescription> described, IReadOnlyDictionary<string, MeterSeries> series) =>
    [
        .. described.Select(meter =>
            EnergyWindow.Measure(meter, series.GetValueOrDefault(meter.Name), window.StartSeconds, window.EndSeconds)),
    ];

    private static AgreementResult[] Checks(
        MeasurementWindow window, IReadOnlyList<MeterDescription> described, IReadOnlyDictionary<string, MeterSeries> series) =>
    [
        .. from check in WindowEnergy.Measure(described, series, window.StartSeconds, window.EndSeconds).CrossChecks
           let counterJoules = check.Counter.Joules!.Value
           let averagedJoules = check.Averaged.Joules!.Value
           select new AgreementResult(check.Device, counterJoules, averagedJoules, check.DifferenceRatio),
    ];

    private Dictionary<string, StepResponse> Responses(IReadOnlyDictionary<string, MeterSeries> series, double up, double down)
    {
        Dictionary<string, StepResponse> found = [];
        foreach (MeterSeries one in series.Values)
        {
            if (StepResponse.Of(one, up, options.AroundSeconds) is { } rise)
            {
                found[$"{one.Meter} up"] = rise;
            }

            if (StepResponse.Of(one, down, options.AroundSeconds) is { } fall)
            {
                found[$"{one.Meter} down"] = fall;
            }
        }

        return found;
    }

    /// <summary>Keeps the readings of meters and hands every reading on.</summary>
    private sealed class ForwardingSink(IMeterSink next) : IMeterSink
    {
        internal List<PowerSample> Power { get; } = [];

        public void Add(PowerSample sample)
        {
            Power.Add(sample);
            next.Add(sample);
        }

        public void Add(DeviceReading reading) => next.Add(reading);
    }
}
