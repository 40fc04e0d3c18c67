using GreenServe.Metering.Discovery;
using GreenServe.Metering.Nvml;
using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.IdlePower;

/// <summary>Measures what the GPUs draw without load: idle (cool, no process) and loaded-idle (weights in memory, no request).</summary>
public static class BaselineMeasurement
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the GPUs are cool, then measures. A GPU with a process on it is not idle and is not measured.</summary>
    /// <param name="meters">The meters of the run.</param>
    /// <param name="options">Lengths and limits; <c>null</c> for the defaults.</param>
    /// <param name="progress">Told what is being waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BaselineReading> IdleAsync(
        MeterCatalog meters, BaselineOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] busy = [.. meters.Gpus.Where(gpu => gpu.ProcessCount > 0).Select(gpu => $"{gpu.ProcessCount} on {gpu.Description}")];
        return busy.Length > 0
            ? new BaselineReading(null, null, $"idle not measured: compute processes are running ({string.Join(", ", busy)})")
            : await MeasureAsync("idle", meters, options ?? new BaselineOptions(), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the GPUs have settled with the weights loaded and nothing to do, then measures.</summary>
    /// <param name="meters">The meters of the run.</param>
    /// <param name="options">Lengths and limits; <c>null</c> for the defaults.</param>
    /// <param name="progress">Told what is being waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<BaselineReading> LoadedIdleAsync(
        MeterCatalog meters, BaselineOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        MeasureAsync("loaded-idle", meters, options ?? new BaselineOptions(), progress, cancellationToken);

    /// <summary>Both baselines as a record has them.</summary>
    public static Baselines Combine(BaselineReading? idle, BaselineReading? loadedIdle) =>
        new(idle?.Watts, loadedIdle?.Watts, string.Join("; ", new[] { idle?.Note, loadedIdle?.Note }.Where(note => note is not null)))
        {
            IdleErrorWatts = idle?.ErrorWatts,
            LoadedIdleErrorWatts = loadedIdle?.ErrorWatts,
        };

    private static async Task<BaselineReading> MeasureAsync(
        string kind, MeterCatalog meters, BaselineOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (!meters.Sources.Any(source => source.Meters.Any(meter => meter.Scope is MeterScope.Gpu or MeterScope.Module)))
        {
            return new BaselineReading(null, null, $"{kind} not measured: no meter covers a GPU");
        }

        RunClock clock = RunClock.Start(TimeProvider.System);
        MemorySink sink = new();
        await using PowerRecording recording = PowerRecording.Start(meters, clock, sink);
        CoolDown coolDown = new(options);
        bool isSettled = false;
        string[] powers = PowerMeters(meters);
        while (!isSettled && powers.Length > 0 && clock.Seconds < options.LongestWaitSeconds)
        {
            await Task.Delay(LookInterval, cancellationToken).ConfigureAwait(false);
            if (LatestWatts(powers, sink) is { } watts)
            {
                isSettled = coolDown.Take(clock.Seconds, watts, HighestCelsius(meters.Gpus));
                progress?.Report(FormattableString.Invariant($"{kind}: {watts:0.0} W after {clock.Seconds:0} s, waiting until it holds still"));
            }
        }

        double waited = clock.Seconds;
        double start = waited + 0.3;
        recording.WatchEdge(start);
        recording.WatchEdge(start + options.MeasureSeconds);
        progress?.Report(FormattableString.Invariant($"{kind}: measuring for {options.MeasureSeconds:0.#} s"));

        // Averaged power lags by half its window, so it is read a little longer.
        double lag = meters.Meters.Max(meter => meter.AveragingSeconds ?? 0) / 2;
        double rest = start + options.MeasureSeconds + lag + 0.3 - clock.Seconds;
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, rest)), cancellationToken).ConfigureAwait(false);
        PowerRecordingSummary summary = await recording.StopAsync().ConfigureAwait(false);
        return Evaluate(kind, summary.Meters, sink, start, options, waited, isSettled ? null : coolDown.DriftWatts ?? double.NaN);
    }

    private static BaselineReading Evaluate(
        string kind, IReadOnlyList<MeterDescription> meters, MemorySink sink, double start, BaselineOptions options, double waited, double? driftWatts)
    {
        WindowEnergy energy = WindowEnergy.Measure(meters, MeterSeries.ByMeter(sink.Power), start, start + options.MeasureSeconds);
        ScopeEnergy? gpus = energy.Of(MeterScope.Gpu) is { Joules: not null } board ? board : energy.Of(MeterScope.Module) ?? energy.Of(MeterScope.Gpu);
        if (gpus?.MeanWatts is not { } watts)
        {
            return new BaselineReading(null, null, $"{kind} not measured: {gpus?.NotMeasured ?? "no reading"}");
        }

        string settled = driftWatts switch
        {
            null => FormattableString.Invariant($"settled after {waited:0} s"),
            double.NaN => FormattableString.Invariant($"not waited for ({waited:0} s is shorter than the settling time of {options.SettlingSeconds:0.#} s)"),
            { } drift => FormattableString.Invariant($"not settled after {waited:0} s, still moving by {drift:+0.0;-0.0} W in {options.SettlingSeconds:0.#} s"),
        };
        double drifted = double.IsFinite(driftWatts ?? 0) ? Math.Abs(driftWatts ?? 0) : 0;
        double error = (gpus.EdgeErrorJoules!.Value / options.MeasureSeconds) + drifted;
        return new BaselineReading(watts, error, FormattableString.Invariant(
            $"{kind} over {options.MeasureSeconds:0.#} s by {gpus.Readings[0].Meter}, {settled}"));
    }

    /// <summary>One meter of power for each GPU.</summary>
    private static string[] PowerMeters(MeterCatalog meters) =>
    [
        .. meters.Sources.SelectMany(source => source.Meters)
            .Where(meter => meter is { IsCounter: false, Scope: MeterScope.Gpu or MeterScope.Module })
            .GroupBy(meter => meter.Device).Select(device => device.First().Name),
    ];

    /// <summary>Sum of the newest readings (W); <c>null</c> until every meter has one.</summary>
    private static double? LatestWatts(string[] names, MemorySink sink)
    {
        IReadOnlyList<PowerSample> power = sink.Power;
        double?[] newest = [.. names.Select(name => power.Where(sample => sample.Meter == name).Select(sample => sample.Watts).LastOrDefault())];
        return newest.All(watts => watts is not null) ? newest.Sum() : null;
    }

    private static double? HighestCelsius(IReadOnlyList<GpuDevice> gpus)
    {
        double? highest = null;
        foreach (GpuDevice gpu in gpus)
        {
            if (gpu.Nvml.TemperatureCelsius(gpu.Handle) is { IsSuccess: true } temperature)
            {
                highest = Math.Max(highest ?? 0, temperature.Value);
            }
        }

        return highest;
    }
}
