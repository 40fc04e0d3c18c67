using GreenServe.Metering.Recording;
using GreenServe.Records.Measurements;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>The newest power of every meter and its course over the last minute.</summary>
/// <param name="meters">The meters that are read.</param>
internal sealed class MetersCommandLive(IEnumerable<MeterDescription> meters) : IMeterSink
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int Points = 60;

    /// <summary>A counter's power is its slope over at least this long (s): shorter ones mostly show its refresh.</summary>
    private const double CounterSeconds = 0.95;

    private readonly Lock gate = new();
    private readonly List<Track> tracks = [.. meters.Select(meter => new Track(meter))];

    public void Add(PowerSample sample)
    {
        lock (gate)
        {
            tracks.Find(track => track.Meter.Name == sample.Meter)?.Take(sample);
        }
    }

    public void Add(DeviceReading reading)
    {
        // The table shows power; clocks and temperatures are in a run's device.csv.
    }

    /// <summary>Every meter with its newest power (W; <c>null</c> if it has none yet) and a sparkline from its lowest to its highest.</summary>
    internal IReadOnlyList<(MeterDescription Meter, double? Watts, string Sparkline)> Rows()
    {
        lock (gate)
        {
            return [.. tracks.Select(track => (track.Meter, track.Watts, Sparkline(track.History)))];
        }
    }

    /// <summary>One bar a value.</summary>
    internal static string Sparkline(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        double low = values.Min();
        double range = values.Max() - low;
        return string.Concat(values.Select(value => Bars[range > 0 ? (int)Math.Min(Bars.Length - 1, (value - low) / range * Bars.Length) : 0]));
    }

    private sealed class Track(MeterDescription meter)
    {
        private (double Seconds, double Joules)? anchor;
        private double lastPointSeconds = double.NegativeInfinity;

        internal MeterDescription Meter => meter;

        internal double? Watts { get; private set; }

        internal Queue<double> History { get; } = new();

        internal void Take(PowerSample sample)
        {
            if (sample.CumulativeJoules is { } joules)
            {
                anchor ??= (sample.Seconds, joules);
                if (sample.Seconds - anchor.Value.Seconds < CounterSeconds)
                {
                    return;
                }

                Watts = (joules - anchor.Value.Joules) / (sample.Seconds - anchor.Value.Seconds);
                anchor = (sample.Seconds, joules);
            }
            else
            {
                Watts = sample.Watts;
            }

            if (sample.Seconds - lastPointSeconds >= CounterSeconds && Watts is { } watts)
            {
                lastPointSeconds = sample.Seconds;
                History.Enqueue(watts);
                if (History.Count > Points)
                {
                    History.Dequeue();
                }
            }
        }
    }
}
