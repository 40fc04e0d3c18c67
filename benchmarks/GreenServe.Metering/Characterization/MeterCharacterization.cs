using System.Text.Json.Nodes;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Characterization;

/// <summary>Finds out what a machine's meters do: refresh periods, call costs, idle power, agreement under steady load, step response, own cost.</summary>
public sealed class MeterCharacterization
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly MeterCatalog meters;
    private readonly CharacterizationOptions options;
    private readonly IProgress<string>? progress;

    private MeterCharacterization(MeterCatalog meters, CharacterizationOptions options, IProgress<string>? progress)
    {
        this.meters = meters;
        this.options = options;
        this.progress = progress;
    }

    /// <summary>Characterises the meters of a catalog.</summary>
    /// <param name="meters">The meters looked at; for the shape of the power, with the driver's samples.</param>
    /// <param name="usual">The meters as a run would use them, whose cost is measured.</param>
    /// <param name="clock">The clock of the readings.</param>
    /// <param name="sink">Where the readings of the steady loads go.</param>
    /// <param name="options">Load and lengths.</param>
    /// <param name="progress">Told what is going on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Records.UnavailableException">The load does not do what it should.</exception>
    public static async Task<CharacterizationReport> RunAsync(
        MeterCatalog meters,
        MeterCatalog usual,
        RunClock clock,
        IMeterSink sink,
        CharacterizationOptions options,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        MeterCharacterization run = new(meters, options, progress);
        progress?.Report("looking at the meters without load");
        IReadOnlyList<MeterProbeResult> without = await MeterProbe.RunAsync(meters, options.ProbeSeconds).ConfigureAwait(false);
        BaselineReading idle = await BaselineMeasurement.IdleAsync(meters, options.Idle, progress, cancellationToken).ConfigureAwait(false);

        progress?.Report($"starting the load: {options.LoadCommand}");
        using LoadProcess load = LoadProcess.Start(options.LoadCommand);
        await load.WaitAsync("ready", LongestStart, cancellationToken).ConfigureAwait(false);
        BaselineReading loaded = await BaselineMeasurement.LoadedIdleAsync(meters, options.LoadedIdle, progress, cancellationToken).ConfigureAwait(false);

        List<SteadyLoadResult> loads = [];
        foreach (string kind in options.Kinds)
        {
            progress?.Report($"steady load: {kind}");
            loads.Add(await run.SteadyAsync(kind, load, clock, sink, cancellationToken).ConfigureAwait(false));
        }

        progress?.Report("looking at the meters under load");
        IReadOnlyList<MeterProbeResult> under = await run.ProbeUnderLoadAsync(load, cancellationToken).ConfigureAwait(false);
        InterferenceResult? interference = options.Pairs > 0
            ? await run.InterfereAsync(load, usual, cancellationToken).ConfigureAwait(false)
            : null;
        await load.SendAsync("exit").ConfigureAwait(false);
        return new CharacterizationReport(
            clock.StartedAt, [.. meters.Gpus.Select(gpu => gpu.DescribeEnvironment())], without, under, idle, loaded, loads, interference);
    }

    private async Task<SteadyLoadResult> SteadyAsync(
        string kind, LoadProcess load, RunClock clock, IMeterSink sink, CancellationToken cancellationToken)
    {
        ForwardingSink kept = new(sink);
        await using PowerRecording recording = PowerRecording.Start(meters, clock, kept);
        await Task.Delay(TimeSpan.FromSeconds(options.AroundSeconds), cancellationToken).ConfigureAwait(false);
        double seconds = options.SettleSeconds + options.SteadySeconds + 1;
        await load.SendAsync(FormattableString.Invariant($"run {seconds} {kind}")).ConfigureAwait(false);
        await load.WaitAsync("started", Grace, cancellationToken).ConfigureAwait(false);
        double up = clock.Seconds;
        double start = up + options.SettleSeconds;
        WatchClosely(recording, up);
        recording.WatchEdge(start);
        recording.WatchEdge(start + options.SteadySeconds);
        JsonNode done = await load.WaitAsync("done", TimeSpan.FromSeconds(seconds) + Grace, cancellationToken).ConfigureAwait(false);
        double down = clock.Seconds;
        WatchClosely(recording, down);
        await Task.Delay(TimeSpan.FromSeconds(options.AroundSeconds), cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary summary = await recording.StopAsync().ConfigureAwait(false);

        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(kept.Power);
        MeasurementWindow window = Align(new MeasurementWindow(start, start + options.SteadySeconds, $"steady {kind}"), summary.Meters, series);
        WindowEnergy energy = WindowEnergy.Measure(summary.Meters, series, window.StartSeconds, window.EndSeconds);
        return new SteadyLoadResult(
            kind,
            window,
            [.. summary.Meters.Select(meter => EnergyWindow.Measure(meter, series.GetValueOrDefault(meter.Name), window.StartSeconds, window.EndSeconds))],
            [.. energy.CrossChecks.Select(check => new AgreementResult(check.Device, check.Counter.Joules!.Value, check.Averaged.Joules!.Value, check.DifferenceRatio))],
            Responses(series, up, down),
            done["steps"]?.GetValue<long>() ?? 0,
            done["median_step_seconds"]?.GetValue<double>() ?? double.NaN);
    }

    private async Task<IReadOnlyList<MeterProbeResult>> ProbeUnderLoadAsync(LoadProcess load, CancellationToken cancellationToken)
    {
        await load.SendAsync(FormattableString.Invariant($"run {options.ProbeSeconds + (2 * options.SettleSeconds)} {options.Kinds[0]}")).ConfigureAwait(false);
        await load.WaitAsync("started", Grace, cancellationToken).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(options.SettleSeconds), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<MeterProbeResult> under = await MeterProbe.RunAsync(meters, options.ProbeSeconds).ConfigureAwait(false);
        await load.WaitAsync("done", Grace, cancellationToken).ConfigureAwait(false);
        return under;
    }

    private async Task<InterferenceResult> InterfereAsync(LoadProcess load, MeterCatalog usual, CancellationToken cancellationToken)
    {
        string kind = options.Kinds[^1];

        // Once in vain: the load warms up and the meters' refresh periods are found, as in any run after its baselines.
        await PhaseAsync(load, kind, usual, cancellationToken).ConfigureAwait(false);
        List<(double Without, double With)> pairs = [];
        double cores = 0, calls = 0;
        for (int pair = 0; pair < options.Pairs; pair++)
        {
            progress?.Report($"cost of metering: pair {pair + 1} of {options.Pairs}");
            bool isMeteredFirst = pair % 2 == 1;
            (double Step, PowerRecordingSummary? Summary) first = await PhaseAsync(load, kind, isMeteredFirst ? usual : null, cancellationToken).ConfigureAwait(false);
            (double Step, PowerRecordingSummary? Summary) second = await PhaseAsync(load, kind, isMeteredFirst ? null : usual, cancellationToken).ConfigureAwait(false);
            pairs.Add(isMeteredFirst ? (second.Step, first.Step) : (first.Step, second.Step));
            PowerRecordingSummary summary = (first.Summary ?? second.Summary)!;
            cores += summary.Counters[RunCounter.MeteringCpuCores.Name] / options.Pairs;
            calls += summary.Counters[RunCounter.MeteringCalls.Name];
        }

        return InterferenceResult.Of(kind, pairs, cores, calls);
    }

    private async Task<(double Step, PowerRecordingSummary? Summary)> PhaseAsync(
        LoadProcess load, string kind, MeterCatalog? metered, CancellationToken cancellationToken)
    {
        await using PowerRecording? recording =
            metered is null ? null : PowerRecording.Start(metered, RunClock.Start(TimeProvider.System), new MemorySink());
        await load.SendAsync(FormattableString.Invariant($"run {options.PhaseSeconds} {kind}")).ConfigureAwait(false);
        JsonNode done = await load.WaitAsync("done", TimeSpan.FromSeconds(options.PhaseSeconds) + Grace, cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary? summary = recording is null ? null : await recording.StopAsync().ConfigureAwait(false);
        return (done["median_step_seconds"]?.GetValue<double>() ?? double.NaN, summary);
    }

    private static void WatchClosely(PowerRecording recording, double fromSeconds)
    {
        for (int step = 0; step < 20; step++)
        {
            recording.WatchEdge(fromSeconds + (step * 0.1));
        }
    }

    private static MeasurementWindow Align(
        MeasurementWindow window, IReadOnlyList<MeterDescription> described, IReadOnlyDictionary<string, MeterSeries> series) =>
        described.FirstOrDefault(meter => meter.IsCounter && series.ContainsKey(meter.Name)) is { } counter
            ? EnergyWindow.AlignToRefreshes(window, counter, series[counter.Name], longestShiftSeconds: 0.5)
            : window;

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

    /// <summary>Hands readings on and keeps them too.</summary>
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
