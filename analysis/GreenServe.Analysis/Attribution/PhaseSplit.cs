using GreenServe.Analysis.Metrics;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>The energy of a record's window split into prefill and decode, by the best way its tables allow.</summary>
internal static class PhaseSplit
{
    /// <summary>Splits the energy of a window.</summary>
    /// <remarks>
    /// Where the engine's steps carry energy, their energy is summed. Otherwise the energy of the meters over stretches of the window is
    /// fitted by the work done in each stretch: the work of the steps, or of the requests where a server logs no steps. A loaded-idle
    /// baseline gives the floor.
    /// </remarks>
    public static PhaseEnergySplit Of(RunRecord record, MeasurementWindow window)
    {
        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        if (StepWindow.Of(record.StreamSteps(), from, to) is not null)
        {
            return PhaseEnergySplit.FromSteps(record.StreamSteps(), from, to);
        }

        IReadOnlyDictionary<string, MeterSeries> series = MeterSeries.ByMeter(record.Power);
        if (HeadlineScope.Of(WindowEnergy.Measure(record.Manifest.Meters, series, from, to)) is not { } energy)
        {
            return new PhaseEnergySplit
            {
                Method = "regression over stretches of the run",
                NotMeasured = "no meter has the energy of the window",
            };
        }

        MeterDescription[] meters =
            [.. energy.Readings.Select(reading => record.Manifest.Meters.First(meter => meter.Name == reading.Meter))];
        IEnumerable<PhaseWork> work = record.Steps.Count > 0 ? PhaseWindow.WorkOf(record.Steps) : PhaseWindow.WorkOf(record.Requests);
        double? floor = energy.Scope is MeterScope.Gpu or MeterScope.Module ? record.Manifest.Baselines?.LoadedIdleWatts : null;
        return PhaseEnergySplit.ByRegression(PhaseWindow.Cut(meters, series, from, to, work), floor);
    }
}
