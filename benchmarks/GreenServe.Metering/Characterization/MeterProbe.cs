using GreenServe.Metering.Discovery;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Characterization;

/// <summary>Finds out about meters by looking: reads every source as fast as it may for a short time.</summary>
public static class MeterProbe
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(SamplingPace.ShortestIntervalSeconds);

    /// <summary>Looks at every meter that can be read, each source on a thread of its own.</summary>
    /// <param name="meters">The meters.</param>
    /// <param name="seconds">How long (s), in [0.1, 600]; 1.5 s shows a refresh period of 100 ms well.</param>
    /// <returns>One entry for each meter that can be read.</returns>
    public static async Task<IReadOnlyList<MeterProbeResult>> RunAsync(MeterCatalog meters, double seconds = 1.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 0.1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 600);
        RunClock clock = RunClock.Start(TimeProvider.System);
        Task<IReadOnlyList<MeterProbeResult>>[] probes =
        [
            .. meters.Sources.Where(source => source.Meters.Count > 0)
                .Select(source => Task.Factory.StartNew(
                    () => Probe(source, clock, seconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
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

            double rest = Math.Max(Rest.TotalSeconds, Math.Min((source.Need.FixedIntervalSeconds ?? 0) / 2, end - after));
            Thread.Sleep(TimeSpan.FromSeconds(Math.Max(0, rest)));
        }

        // Waiting for what another host delivers is not what reading costs.
        CallStatistics? cost = source.Need == SamplingNeed.WhenDelivered
            ? null
            : CallStatistics.Of(durations, ThreadProcessorTime.Seconds() - processorBefore);
        return [.. tracks.Select(track => track.Result(cost))];
    }

    private sealed class Track(MeterDescription meter)
    {
        private readonly RefreshObserver observer = new();
        private (double Seconds, double Value)? first;
        private (double Seconds, double Value) last;
        private string? failure;

        internal void Take(ReadingBatch.MeterReading reading, double middle)
        {
            double at = reading.AtSeconds ?? middle;
            if (reading.Failure is not null || !double.IsFinite(reading.Value))
            {
                failure ??= reading.Failure?.Message ?? $"{meter.Name} gave {reading.Value}";
                return;
            }

            observer.Observe(at, reading.Value);
            last = (at, reading.Value);
            first ??= last;
        }

        internal MeterProbeResult Result(CallStatistics? cost)
        {
            double? watts = first is not { } begin ? null
                : !meter.IsCounter ? last.Value
                : last.Value > begin.Value ? (last.Value - begin.Value) / (last.Seconds - begin.Seconds) : null;
            string? why = failure ?? (first is null ? "it gave no reading" : watts is null or 0 ? $"it stands still at {last.Value} {(meter.IsCounter ? "J" : "W")}" : null);
            return new MeterProbeResult(meter, watts, observer.PeriodSeconds, cost, why)
            {
                ShortestRefreshSeconds = observer.Count > 0 ? observer.Quantile(0) : null,
                LongestRefreshSeconds = observer.Count > 0 ? observer.Quantile(1) : null,
            };
        }
    }
}
