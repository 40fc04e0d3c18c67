using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Metering.Recording;

/// <summary>Hands readings on, and keeps those of meters in columns, so that the run can judge its own window before it writes its verdict.</summary>
/// <remarks>Takes 16 bytes a reading: 50 MB for eight GPUs over ten hours. Written by one thread; read when the recording has stopped.</remarks>
/// <param name="next">Where readings go as well.</param>
public sealed class ReadingLog(IMeterSink next) : IMeterSink
{
    /// <summary>An edge moves inwards by at most this share of the window, in search of a refresh.</summary>
    private const double LargestShiftRatio = 0.1;

    private const double LongestShiftSeconds = 1;

    private readonly Dictionary<string, (List<double> Seconds, List<double> Values, bool IsCounter)> columns = [];
    private IReadOnlyDictionary<string, MeterSeries>? series;

    private IReadOnlyDictionary<string, MeterSeries> Series => series ??= MeterSeries.ByMeter(Samples());

    /// <inheritdoc />
    public void Add(PowerSample sample)
    {
        next.Add(sample);
        if ((sample.CumulativeJoules ?? sample.Watts) is not { } value)
        {
            return;
        }

        if (!columns.TryGetValue(sample.Meter, out (List<double> Seconds, List<double> Values, bool IsCounter) column))
        {
            columns[sample.Meter] = column = ([], [], sample.CumulativeJoules is not null);
        }

        column.Seconds.Add(sample.Seconds);
        column.Values.Add(value);
    }

    /// <inheritdoc />
    public void Add(DeviceReading reading) => next.Add(reading);

    /// <summary>The window with its edges on refreshes of the counter that gives its energy; unchanged where no counter does.</summary>
    /// <param name="window">The window wanted.</param>
    /// <param name="meters">The meters as the recording describes them.</param>
    /// <param name="longestShiftSeconds">An edge moves inwards by at most this (s); <c>null</c> for 5 % of the window and at most 1 s.</param>
    public MeasurementWindow Align(MeasurementWindow window, IReadOnlyList<MeterDescription> meters, double? longestShiftSeconds = null)
    {
        string? name = HeadlineScope.Of(Measure(window, meters))?.Readings[0].Meter;
        MeterDescription? counter = meters.FirstOrDefault(meter => meter.Name == name && meter is { IsCounter: true, IsEstimated: false });
        double reach = longestShiftSeconds ?? Math.Min(LongestShiftSeconds, LargestShiftRatio * window.LengthSeconds);
        return counter is null ? window : EnergyWindow.AlignToRefreshes(window, counter, Series[counter.Name], reach);
    }

    /// <summary>Energy of a window by every scope.</summary>
    /// <param name="window">The window.</param>
    /// <param name="meters">The meters as the recording describes them.</param>
    public WindowEnergy Measure(MeasurementWindow window, IReadOnlyList<MeterDescription> meters) =>
        WindowEnergy.Measure(meters, Series, window.StartSeconds, window.EndSeconds);

    /// <summary>
    /// What the meters say against a run: its energy is uncertain beyond the limit, two meters of one device disagree, or a meter of
    /// a scope that can give the run's energy failed on the way.
    /// </summary>
    /// <param name="window">The run's window.</param>
    /// <param name="meters">The meters as the recording describes them.</param>
    public IEnumerable<VerdictReason> VerdictReasons(MeasurementWindow window, IReadOnlyList<MeterDescription> meters)
    {
        WindowEnergy energy = Measure(window, meters);
        ScopeEnergy[] judged = [.. energy.Scopes.Where(scope => HeadlineScope.Order.Contains(scope.Scope))];
        IEnumerable<VerdictReason> failures = new WindowEnergy(judged, []).Failures(meters);
        return HeadlineScope.Of(energy) is { } headline
            ? new WindowEnergy([headline], [.. energy.CrossChecks.Where(check => check.Scope == headline.Scope)]).Reasons().Concat(failures)
            : failures;
    }

    private IEnumerable<PowerSample> Samples() =>
        from column in columns
        from index in Enumerable.Range(0, column.Value.Values.Count)
        let value = column.Value.Values[index]
        select column.Value.IsCounter
            ? new PowerSample(column.Key, column.Value.Seconds[index], null, value)
            : new PowerSample(column.Key, column.Value.Seconds[index], value, null);
}
