using GreenServe.Metering.Discovery;
using GreenServe.Metering.Sampling;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Characterization;

/// <summary>Finds out about meters by looking: it reads every source as fast as it may for a short time.</summary>
public static class MeterProbe
{
    /// <summary>The shortest look (s): a refresh of 0.1 s must have a chance to be seen.</summary>
    private const double ShortestSeconds = 0.1;

    /// <summary>The longest look (s). Every reading is kept in memory, and ten minutes show no more than one.</summary>
    private const double LongestSeconds = 600;

    /// <summary>Looks at every meter that can be read, each source on a thread of its own.</summary>
    /// <param name="meters">The meters.</param>
    /// <param name="seconds">The length of the look (s), in [0.1, 600]. In 1.5 s a refresh period of 100 ms shows well.</param>
    /// <returns>One entry for each meter that can be read.</returns>
    public static async Task<IReadOnlyList<MeterProbeResult>> RunAsync(MeterCatalog meters, double seconds = 1.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, ShortestSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, LongestSeconds);
        RunClock clock = RunClock.Start(meters.Clock);
        IEnumerable<Task<IReadOnlyList<MeterProbeResult>>> probes =
            from source in meters.Sources
            where source.Meters.Count > 0
            select Task.Factory.StartNew(
                () => Probe(source, clock, seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return [.. (await Task.WhenAll(probes).ConfigureAwait(false)).SelectMany(results => results)];
    }

    private static IReadOnlyList<MeterProbeResult> Probe(IMeterSource source, RunClock clock, double seconds)
    {
        ReadingBatch batch = new(() => clock.Seconds);
        Track[] tracks = [.. source.Meters.Select(meter => new Track(meter))];
        List<double> durations = [];
        double? processorBefore = ThreadProcessorTime.Seconds();
        double end = clock.Seconds + seconds;
        while (clock.Seconds < end)
        {
            batch.Clear();
            double before = clock.Seconds;
            source.Read(batch);
            double after = clock.Seconds;
            durations.Add(after - before);
            foreach (ReadingBatch.MeterReading reading in batch.Readings)
            {
                tracks[reading.Meter].Take(reading, (before + after) / 2);
            }

            // A source with an interval of its own is read twice in it, but not beyond the end of the look.
            double pause = Math.Min((source.Need.FixedIntervalSeconds ?? 0) / 2, end - after);
            Task.Delay(TimeSpan.FromSeconds(Math.Max(SamplingPace.ShortestIntervalSeconds, pause)), clock.Provider).Wait();
        }

        // The wait for what another host delivers is not a cost of reading.
        CallStatistics? cost = source.Need == SamplingNeed.WhenDelivered
            ? null
            : CallStatistics.Of(durations, ThreadProcessorTime.Seconds() - processorBefore);
        return [.. tracks.Select(track => track.Result(cost))];
    }

    /// <summary>The readings of one meter during a probe.</summary>
    private sealed class Track(MeterDescription meter)
    {
        private readonly RefreshObserver observer = new();
        private Reading? first;
        private Reading? last;
        private string? failure;

        internal void Take(ReadingBatch.MeterReading reading, double middleSeconds)
        {
            if (reading.Value is not { } value || !PlausibleReading.IsNumber(meter, value))
            {
                failure ??= (reading.Failure ?? MeterState.Implausible(meter, reading.Value)).Message;
                return;
            }

            last = new Reading(reading.AtSeconds ?? middleSeconds, value);
            first ??= last;
            observer.Observe(last.Seconds, value);
        }

        internal MeterProbeResult Result(CallStatistics? cost)
        {
            double? watts = Watts();
            return new MeterProbeResult(meter, watts, observer.PeriodSeconds, cost, failure ?? Problem(watts))
            {
                ShortestRefreshSeconds = observer.Count > 0 ? observer.Quantile(0) : null,
                LongestRefreshSeconds = observer.Count > 0 ? observer.Quantile(1) : null,
            };
        }

        /// <summary>The last power, or the mean power by a counter (W); <c>null</c> if there is none or the counter did not move.</summary>
        private double? Watts()
        {
            if (first is null || last is null)
            {
                return null;
            }

            if (!meter.IsCounter)
            {
                return last.Value;
            }

            return last.Value > first.Value ? (last.Value - first.Value) / (last.Seconds - first.Seconds) : null;
        }

        private string? Problem(double? watts)
        {
            if (last is null)
            {
                return "it gave no reading";
            }

            return watts is null or 0 ? $"it stands still at {last.Value} {(meter.IsCounter ? "J" : "W")}" : null;
        }

        private sealed record Reading(double Seconds, double Value);
    }
}

/// <summary>The result of probing one meter.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Watts">The power now, for a counter the mean over the look (W); <c>null</c> if it could not be told.</param>
/// <param name="RefreshSeconds">The median refresh period (s); <c>null</c> if too few refreshes were seen.</param>
/// <param name="Cost">What the calls of its source cost; <c>null</c> if that is not known.</param>
/// <param name="Problem">What is wrong with the meter; <c>null</c> if nothing is.</param>
public sealed record MeterProbeResult(MeterDescription Meter, double? Watts, double? RefreshSeconds, CallStatistics? Cost, string? Problem)
{
    /// <summary>The shortest distance between two refreshes (s); <c>null</c> if none was seen.</summary>
    public double? ShortestRefreshSeconds { get; init; }

    /// <summary>The longest distance between two refreshes (s); <c>null</c> if none was seen.</summary>
    public double? LongestRefreshSeconds { get; init; }
}

/// <summary>The durations of calls to a device.</summary>
/// <param name="Calls">The number of calls.</param>
/// <param name="MeanSeconds">The mean duration of a call (s).</param>
/// <param name="P50Seconds">The median duration of a call (s).</param>
/// <param name="P99Seconds">The 99th percentile of the durations by nearest rank (s).</param>
/// <param name="LongestSeconds">The longest duration of a call (s).</param>
/// <param name="ProcessorSecondsPerCall">
/// The processor time of a call, user and kernel (s); <c>null</c> where the system does not say.
/// </param>
public sealed record CallStatistics(
    int Calls, double MeanSeconds, double P50Seconds, double P99Seconds, double LongestSeconds, double? ProcessorSecondsPerCall)
{
    /// <summary>Computes the statistics of calls.</summary>
    /// <param name="durations">The duration of each call (s).</param>
    /// <param name="processorSeconds">The processor time of all calls together (s); <c>null</c> where the system does not say.</param>
    /// <returns>The statistics; <c>null</c> if there was no call.</returns>
    internal static CallStatistics? Of(IReadOnlyCollection<double> durations, double? processorSeconds)
    {
        if (durations.Count == 0)
        {
            return null;
        }

        double[] sorted = [.. durations.Order()];
        double At(double share) => sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
        return new CallStatistics(sorted.Length, sorted.Average(), At(0.5), At(0.99), sorted[^1], processorSeconds / sorted.Length);
    }
}
