using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Metering.Recording;

/// <summary>
/// Hands readings on and keeps those of meters in memory, so that the run can judge its own window before it writes its verdict.
/// </summary>
/// <remarks>
/// <para>A reading takes 16 bytes. A GPU gives about 62 a second, so eight GPUs take 290 MB in ten hours.</para>
/// <para>One thread writes the log. It is read when the recording has stopped.</para>
/// </remarks>
/// <param name="next">The sink that receives every reading as well.</param>
public sealed class ReadingLog(IMeterSink next) : IMeterSink
{
    /// <summary>An edge moves inwards by at most this share of the window, so that the window keeps four fifths of its length.</summary>
    private const double LargestShiftRatio = 0.1;

    /// <summary>
    /// An edge moves inwards by at most this (s), however long the window. A counter of 0.1 s refreshes ten times in it, and near a
    /// watched edge one of those refreshes was timed.
    /// </summary>
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

    /// <summary>Moves the edges of a window inwards onto refreshes of the counter that gives its energy.</summary>
    /// <param name="window">The window wanted.</param>
    /// <param name="meters">The meters as the recording describes them.</param>
    /// <param name="longestShiftSeconds">
    /// The most that an edge moves (s); <c>null</c> for a tenth of the window, but at most 1 s.
    /// </param>
    /// <returns>The window with its new edges. The window is unchanged where no counter gives its energy.</returns>
    public MeasurementWindow Align(
        MeasurementWindow window, IReadOnlyList<MeterDescription> meters, double? longestShiftSeconds = null)
    {
        string? name = HeadlineScope.Of(Measure(window, meters))?.Readings[0].Meter;
        MeterDescription? counter = meters.FirstOrDefault(meter => meter.Name == name && meter is { IsCounter: true, IsEstimated: false });
        double reach = longestShiftSeconds ?? Math.Min(LongestShiftSeconds, LargestShiftRatio * window.LengthSeconds);
        return counter is null ? window : EnergyWindow.AlignToRefreshes(window, counter, Series[counter.Name], reach);
    }

    /// <summary>Measures the energy of a window by every scope.</summary>
    /// <param name="window">The window.</param>
    /// <param name="meters">The meters as the recording describes them.</param>
    public WindowEnergy Measure(MeasurementWindow window, IReadOnlyList<MeterDescription> meters) =>
        WindowEnergy.Measure(meters, Series, window.StartSeconds, window.EndSeconds);

    /// <summary>Lists what the meters say against a run.</summary>
    /// <remarks>
    /// There are three reasons. The energy of the window is uncertain beyond the limit. Two meters of one device disagree. A meter
    /// failed on the way, and its scope is one that can give the energy of the run.
    /// </remarks>
    /// <param name="window">The window of the run.</param>
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
