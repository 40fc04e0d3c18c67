using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.IdlePower;

/// <summary>Measures what the GPUs draw without load.</summary>
/// <remarks>
/// <para>Idle is a cool GPU with no process on it. Loaded-idle is a GPU with the weights in memory and no request.</para>
/// <para>
/// A measurement waits until power and temperature hold still, records a window, and takes the energy of that window. Where a step
/// cannot be done, the reading has no watts and its note says why.
/// </para>
/// </remarks>
public sealed class BaselineMeasurement
{
    /// <summary>
    /// Time kept free before and after the window (s). A sampler reads densely from 1.5 refreshes before an edge to 1.5 after it;
    /// at the usual refresh of 0.1 s this is twice as much.
    /// </summary>
    private const double EdgeMarginSeconds = 0.3;

    private readonly string kind;
    private readonly MeterCatalog meters;
    private readonly BaselineOptions options;
    private readonly IProgress<string>? progress;
    private readonly RunClock clock;
    private readonly MemorySink sink = new();

    private BaselineMeasurement(string kind, MeterCatalog meters, BaselineOptions? options, IProgress<string>? progress)
    {
        this.kind = kind;
        this.meters = meters;
        this.options = options ?? new BaselineOptions();
        this.progress = progress;
        clock = RunClock.Start(meters.Clock);
    }

    /// <summary>Waits until the GPUs are cool, then measures. A GPU with a compute process on it is not idle and is not measured.</summary>
    /// <param name="meters">The meters of the run.</param>
    /// <param name="options">The lengths and limits; <c>null</c> for the defaults.</param>
    /// <param name="progress">Receives a line for each step and each look at the power; <c>null</c> for nobody.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <returns>The power, or why it was not measured.</returns>
    public static async Task<BaselineReading> IdleAsync(
        MeterCatalog meters,
        BaselineOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        string[] busy = [.. meters.Gpus.Where(gpu => gpu.ProcessCount > 0).Select(gpu => $"{gpu.ProcessCount} on {gpu.Description}")];
        return busy.Length > 0
            ? BaselineReading.NotMeasured($"idle not measured: compute processes are running ({string.Join(", ", busy)})")
            : await new BaselineMeasurement("idle", meters, options, progress).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the GPUs have settled with the weights in memory and nothing to do, then measures.</summary>
    /// <param name="meters">The meters of the run.</param>
    /// <param name="options">The lengths and limits; <c>null</c> for the defaults.</param>
    /// <param name="progress">Receives a line for each step and each look at the power; <c>null</c> for nobody.</param>
    /// <param name="cancellationToken">Stops the measurement.</param>
    /// <returns>The power, or why it was not measured.</returns>
    public static Task<BaselineReading> LoadedIdleAsync(
        MeterCatalog meters,
        BaselineOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default) =>
        new BaselineMeasurement("loaded-idle", meters, options, progress).RunAsync(cancellationToken);

    /// <summary>Puts both baselines together as a run record has them.</summary>
    /// <param name="idle">The idle reading; <c>null</c> if nobody asked for it.</param>
    /// <param name="loadedIdle">The loaded-idle reading; <c>null</c> if nobody asked for it.</param>
    public static Baselines Combine(BaselineReading? idle, BaselineReading? loadedIdle)
    {
        IEnumerable<string> notes = new[] { idle?.Note, loadedIdle?.Note }.OfType<string>();
        return new Baselines(idle?.Watts, loadedIdle?.Watts, string.Join("; ", notes))
        {
            IdleErrorWatts = idle?.ErrorWatts,
            LoadedIdleErrorWatts = loadedIdle?.ErrorWatts,
        };
    }

    /// <summary>Turns the energy of the window into a reading.</summary>
    /// <param name="kind">What is measured, <c>idle</c> or <c>loaded-idle</c>.</param>
    /// <param name="energy">The energy of the window.</param>
    /// <param name="settling">How the wait before the window ended.</param>
    /// <param name="lengthSeconds">The length of the window (s).</param>
    internal static BaselineReading Evaluate(string kind, WindowEnergy energy, SettlingOutcome settling, double lengthSeconds)
    {
        ScopeEnergy? gpus = OfGpus(energy);
        if (gpus is not { MeanWatts: { } watts, EdgeErrorJoules: { } edgeErrorJoules })
        {
            return BaselineReading.NotMeasured($"{kind} not measured: {gpus?.NotMeasured ?? "no reading"}");
        }

        string meter = gpus.Readings[0].Meter;
        string note = FormattableString.Invariant($"{kind} over {lengthSeconds:0.#} s by {meter}, {settling.Describe()}");
        return new BaselineReading(watts, (edgeErrorJoules / lengthSeconds) + settling.ErrorWatts, note);
    }

    /// <summary>The energy of the boards, or of the modules where that of the boards is not measured, as on Grace Hopper.</summary>
    private static ScopeEnergy? OfGpus(WindowEnergy energy)
    {
        ScopeEnergy? boards = energy.Of(MeterScope.Gpu);
        return boards is { Joules: not null } ? boards : energy.Of(MeterScope.Module) ?? boards;
    }

    private static bool CoversGpus(MeterDescription meter) => meter.Scope is MeterScope.Gpu or MeterScope.Module;

    private async Task<BaselineReading> RunAsync(CancellationToken cancellationToken)
    {
        if (!meters.Sources.Any(source => source.Meters.Any(CoversGpus)))
        {
            return BaselineReading.NotMeasured($"{kind} not measured: no meter covers a GPU");
        }

        await using PowerRecording recording = PowerRecording.Start(meters, clock, sink);
        SettlingOutcome settling = await SettleAsync(cancellationToken).ConfigureAwait(false);
        double start = await RecordWindowAsync(recording, cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary summary = await recording.StopAsync().ConfigureAwait(false);

        double end = start + options.MeasureSeconds;
        WindowEnergy energy = WindowEnergy.Measure(summary.Meters, MeterSeries.ByMeter(sink.Power), start, end);
        return Evaluate(kind, energy, settling, options.MeasureSeconds);
    }

    /// <summary>Waits until power and temperature hold still, or the longest wait is over.</summary>
    private async Task<SettlingOutcome> SettleAsync(CancellationToken cancellationToken)
    {
        CoolDown coolDown = new(options);
        string[] powerMeters = PowerMeters();
        bool hasSettled = false;
        while (!hasSettled && powerMeters.Length > 0 && clock.Seconds < options.LongestWaitSeconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(coolDown.LookSeconds), clock.Provider, cancellationToken).ConfigureAwait(false);
            if (LatestWatts(powerMeters) is { } watts)
            {
                double now = clock.Seconds;
                hasSettled = coolDown.Take(now, watts, HighestCelsius());
                progress?.Report(FormattableString.Invariant($"{kind}: {watts:0.0} W after {now:0} s, waiting until it holds still"));
            }
        }

        return coolDown.Outcome(clock.Seconds);
    }

    /// <summary>Lets the recording run over the window.</summary>
    /// <returns>The beginning of the window (s on the clock of the recording).</returns>
    private async Task<double> RecordWindowAsync(PowerRecording recording, CancellationToken cancellationToken)
    {
        double start = clock.Seconds + EdgeMarginSeconds;
        double end = start + options.MeasureSeconds;
        recording.WatchEdge(start);
        recording.WatchEdge(end);
        progress?.Report(FormattableString.Invariant($"{kind}: measuring for {options.MeasureSeconds:0.#} s"));

        // Averaged power lags by half of its averaging time, so it is read a little longer.
        double lagSeconds = meters.Meters.Max(meter => meter.AveragingSeconds ?? 0) / 2;
        double restSeconds = end + lagSeconds + EdgeMarginSeconds - clock.Seconds;
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, restSeconds)), clock.Provider, cancellationToken).ConfigureAwait(false);
        return start;
    }

    /// <summary>The names of the meters whose power is watched: one for each GPU.</summary>
    private string[] PowerMeters() =>
    [
        .. meters.Sources.SelectMany(source => source.Meters)
            .Where(meter => CoversGpus(meter) && !meter.IsCounter)
            .GroupBy(meter => meter.Device)
            .Select(device => device.First().Name),
    ];

    /// <summary>The sum of the newest readings (W); <c>null</c> until every meter has one.</summary>
    private double? LatestWatts(string[] names)
    {
        IReadOnlyList<PowerSample> power = sink.Power;
        double?[] newest = [.. names.Select(name => power.LastOrDefault(sample => sample.Meter == name).Watts)];
        return newest.All(watts => watts is not null) ? newest.Sum() : null;
    }

    private double? HighestCelsius() => meters.Gpus
        .Select(gpu => gpu.Nvml.TemperatureCelsius(gpu.Handle) is { IsSuccess: true } temperature ? (double?)temperature.Value : null)
        .Max();
}
