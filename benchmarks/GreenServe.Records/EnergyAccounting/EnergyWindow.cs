using System.Globalization;
using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Measures the energy of one meter over one window.</summary>
public static class EnergyWindow
{
    /// <summary>
    /// Rounding of times in a record (s), with a wide margin. An edge that lies on a refresh but for the rounding stays there when a record
    /// is judged again.
    /// </summary>
    private const double RoundingSeconds = 1e-6;

    /// <summary>Energy from <paramref name="startSeconds"/> to <paramref name="endSeconds"/>, or why it was not measured.</summary>
    /// <param name="meter">The meter as the record describes it.</param>
    /// <param name="series">The meter's readings; <c>null</c> if the record holds none.</param>
    /// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
    /// <param name="endSeconds">End of the window (s from the start of the run).</param>
    public static EnergyReading Measure(MeterDescription meter, MeterSeries? series, double startSeconds, double endSeconds)
    {
        EnergyReading reading = EnergyReading.Of(meter, startSeconds, endSeconds);
        if (meter.NotMeasured is not null)
        {
            return reading;
        }

        if (!(endSeconds > startSeconds))
        {
            return reading with { NotMeasured = Text($"the window from {startSeconds:0.###} s to {endSeconds:0.###} s is empty") };
        }

        if (series is null)
        {
            return reading with { NotMeasured = "the record holds no reading of this meter" };
        }

        MeterFault? fault = meter.Faults.FirstOrDefault(
            candidate => candidate.BreaksCounter && candidate.AtSeconds >= startSeconds && candidate.AtSeconds <= endSeconds);
        if (fault is not null && meter.IsCounter)
        {
            return reading with { NotMeasured = Text($"{fault.Code} at {fault.AtSeconds:0.###} s: {fault.Message}") };
        }

        if (series.NumbersOf(meter) is not { } numbers)
        {
            return reading with { NotMeasured = $"none of its readings is a number: {PlausibleReading.Refusal(meter, series.Values[0])}" };
        }

        EnergyReading measured = numbers.IsCounter
            ? CounterWindow.Measure(reading, numbers.Refreshes(meter), PlausibleReading.CeilingWatts(meter))
            : PowerWindow.Measure(reading, numbers, meter.AveragingSeconds ?? 0, meter.RefreshSeconds);
        int refused = series.Count - numbers.Count;
        return refused > 0 && measured.Joules is not null
            ? measured with { Method = $"{measured.Method}, without {refused} readings of the run that are no numbers" }
            : measured;
    }

    /// <summary>
    /// The largest window inside <paramref name="window"/> whose edges lie on refreshes of a counter. The edge error falls from
    /// half a refresh to the uncertainty of the refreshes' times. Tokens and requests must then be counted in the window returned.
    /// </summary>
    /// <param name="window">The window wanted.</param>
    /// <param name="meter">The counter to align to.</param>
    /// <param name="series">The counter's readings.</param>
    /// <param name="longestShiftSeconds">An edge moves inwards by at most this (s); an edge without a refresh in reach stays.</param>
    public static MeasurementWindow AlignToRefreshes(
        MeasurementWindow window, MeterDescription meter, MeterSeries series, double longestShiftSeconds = 2)
    {
        if (!series.IsCounter || series.NumbersOf(meter) is not { } numbers)
        {
            return window;
        }

        CounterRefreshes refreshes = numbers.Refreshes(meter);
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        double start = Sharpest(refreshes, from - RoundingSeconds, from + longestShiftSeconds, from) ?? from;
        double end = Sharpest(refreshes, to - longestShiftSeconds, to + RoundingSeconds, to) ?? to;
        bool isMoved = Math.Abs(start - from) > RoundingSeconds || Math.Abs(end - to) > RoundingSeconds;
        return end <= start || !isMoved
            ? window
            : new MeasurementWindow(start, end, $"{window.Rule}; edges on refreshes of {meter.Name}");
    }

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double? Sharpest(CounterRefreshes refreshes, double fromSeconds, double toSeconds, double wantedSeconds)
    {
        // A second of shift is worth 10 ms of sharpness: among equally sharp refreshes the nearest wins.
        const double ShiftWeight = 0.01;
        double? best = null;
        double bestScore = double.PositiveInfinity;
        foreach (CounterRefreshes.Refresh refresh in refreshes.All[(refreshes.IndexAtOrBefore(fromSeconds) + 1)..])
        {
            if (refresh.AtSeconds > toSeconds)
            {
                break;
            }

            double score = refresh.BracketSeconds + (ShiftWeight * Math.Abs(refresh.AtSeconds - wantedSeconds));
            if (score < bestScore)
            {
                (best, bestScore) = (refresh.AtSeconds, score);
            }
        }

        return best;
    }
}
