using GreenServe.Metering.Recording;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;

namespace GreenServe.Running.Live;

/// <summary>
/// Hands readings on and keeps of each meter what a view shows: its power over the last second, and its energy since the load began.
/// </summary>
/// <remarks>
/// The energy is that of the whole readings since then, without the corrections at the edges that the record gets. Thread-safe.
/// </remarks>
/// <param name="next">The sink that receives every reading as well.</param>
/// <param name="meters">The meters that are read, and those that are not, with the reason.</param>
internal sealed class LiveMeters(IMeterSink next, IReadOnlyList<MeterDescription> meters) : IMeterSink
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Track> tracks = meters
        .Where(meter => meter.NotMeasured is null)
        .DistinctBy(meter => meter.Name)
        .ToDictionary(meter => meter.Name, meter => new Track(meter));

    /// <inheritdoc />
    public void Add(PowerSample sample)
    {
        next.Add(sample);
        if (tracks.TryGetValue(sample.Meter, out Track? track))
        {
            lock (gate)
            {
                track.Take(sample);
            }
        }
    }

    /// <inheritdoc />
    public void Add(DeviceReading reading) => next.Add(reading);

    /// <summary>The meters that are read, each with its newest power.</summary>
    internal IReadOnlyList<LiveMeter> Latest()
    {
        lock (gate)
        {
            return [.. tracks.Values.Select(track => new LiveMeter(track.Meter.Name, track.Meter.Scope, track.Watts)
            {
                Joules = track.Joules,
            })];
        }
    }

    /// <summary>
    /// Energy of the headline scope in a load so far (J): the mean power since its first reading, times its length. <c>null</c> where no
    /// meter can tell yet.
    /// </summary>
    /// <param name="originSeconds">When the load began (s on the run's clock).</param>
    /// <param name="elapsedSeconds">How long it has lasted (s).</param>
    internal double? HeadlineJoules(double originSeconds, double elapsedSeconds)
    {
        lock (gate)
        {
            return Headline(originSeconds, elapsedSeconds)?.Joules;
        }
    }

    /// <summary>
    /// Power of the headline scope over the last second (W), over all its devices; <c>null</c> where a meter of it cannot tell yet.
    /// </summary>
    /// <inheritdoc cref="HeadlineJoules" />
    internal double? HeadlineWatts(double originSeconds, double elapsedSeconds)
    {
        lock (gate)
        {
            return Headline(originSeconds, elapsedSeconds)?.Readings
                .Select(reading => tracks.GetValueOrDefault(reading.Meter)?.Watts).Aggregate((double?)0, (sum, watts) => sum + watts);
        }
    }

    private ScopeEnergy? Headline(double originSeconds, double elapsedSeconds) =>
        HeadlineScope.Of(WindowEnergy.Of(meters, meter => Reading(meter, originSeconds, elapsedSeconds)));

    private EnergyReading Reading(MeterDescription meter, double originSeconds, double elapsedSeconds) => new()
    {
        Meter = meter.Name,
        Scope = meter.Scope,
        Device = meter.Device,
        Method = meter.Method,
        StartSeconds = originSeconds,
        EndSeconds = originSeconds + elapsedSeconds,
        Joules = tracks.GetValueOrDefault(meter.Name)?.MeanWattsSince(originSeconds) * elapsedSeconds,
        IsEstimated = meter.IsEstimated,
        NotMeasured = meter.NotMeasured,
    };

    /// <summary>The readings of one meter, as far as they are needed.</summary>
    private sealed class Track(MeterDescription meter)
    {
        /// <summary>Time over which a power is averaged (s).</summary>
        private const double AverageSeconds = 1;

        private readonly Queue<(double Seconds, double Value)> recent = new();
        private (double Seconds, double Value)? last;
        private double? originSeconds;
        private double? firstSeconds;
        private double joules;

        internal MeterDescription Meter => meter;

        /// <summary>Energy since the load began (J); <c>null</c> before two readings.</summary>
        internal double? Joules => last?.Seconds > firstSeconds && joules > 0 ? joules : null;

        internal double? Watts
        {
            get
            {
                if (last is not { } newest)
                {
                    return null;
                }

                if (!meter.IsCounter)
                {
                    return recent.Average(reading => reading.Value);
                }

                (double seconds, double value) = recent.Peek();
                double watts = (newest.Value - value) / (newest.Seconds - seconds);
                return double.IsFinite(watts) && watts > 0 ? watts : null;
            }
        }

        internal void Take(PowerSample sample)
        {
            if ((meter.IsCounter ? sample.CumulativeJoules : sample.Watts) is not { } value
                || !PlausibleReading.IsNumber(meter, value)
                || sample.Seconds < last?.Seconds)
            {
                return;
            }

            Count(sample.Seconds, value);
            last = (sample.Seconds, value);
            recent.Enqueue((sample.Seconds, value));

            // Of the readings that are a second old a counter keeps the newest: its power is a slope over at least a second.
            int kept = meter.IsCounter ? 2 : 1;
            while (recent.Count > kept && recent.ElementAt(kept - 1).Seconds <= sample.Seconds - AverageSeconds)
            {
                recent.Dequeue();
            }
        }

        /// <summary>
        /// Mean power since the load began (W). It is counted from the first time that anybody asks; <c>null</c> before two readings.
        /// </summary>
        internal double? MeanWattsSince(double seconds)
        {
            if (originSeconds != seconds)
            {
                (originSeconds, firstSeconds, joules) = (seconds, last?.Seconds >= seconds ? last?.Seconds : null, 0);
            }

            return last?.Seconds > firstSeconds && joules > 0 ? joules / (last?.Seconds - firstSeconds) : null;
        }

        /// <summary>Adds the energy between the last reading and this one. A counter that goes back adds nothing.</summary>
        private void Count(double seconds, double value)
        {
            if (originSeconds is null || seconds < originSeconds)
            {
                return;
            }

            if (firstSeconds is null || last is not { } before)
            {
                firstSeconds = seconds;
                return;
            }

            joules += meter.IsCounter ? Math.Max(0, value - before.Value) : (value + before.Value) / 2 * (seconds - before.Seconds);
        }
    }
}
