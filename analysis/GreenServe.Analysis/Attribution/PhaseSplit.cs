using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>The energy of a record's window split into prefill and decode, by the best way its tables allow.</summary>
internal static class PhaseSplit
{
    private const string Regression = "regression over stretches of the run";

    /// <summary>Splits the energy of a window.</summary>
    /// <remarks>
    /// Where the engine's steps carry energy, their energy is summed. Otherwise the energy of the meters over stretches of the window is
    /// fitted by the work done in each stretch: the work of the steps, or of the requests where a server logs no steps. A loaded-idle
    /// baseline gives the floor.
    /// </remarks>
    /// <param name="record">The record.</param>
    /// <param name="window">The window, longer than 0 s.</param>
    /// <param name="steps">What its steps tell about the window.</param>
    public static PhaseEnergySplit Of(RunRecord record, MeasurementWindow window, StepWindow steps)
    {
        if (steps.StatesEnergy)
        {
            return steps.Phases();
        }

        if (record.Manifest.Policy is not null)
        {
            return new PhaseEnergySplit
            {
                Method = Regression,
                NotMeasured = "a policy changed settings during the run, and with them what a token costs",
            };
        }

        (double from, double to) = (window.StartSeconds, window.EndSeconds);
        if (HeadlineScope.Of(WindowEnergy.Measure(record.Manifest.Meters, record.MeterReadings, from, to)) is not { } energy)
        {
            return new PhaseEnergySplit
            {
                Method = Regression,
                NotMeasured = "no meter has the energy of the window",
            };
        }

        MeterDescription[] meters = [.. energy.Readings.Select(reading => EnergyAccount.MeterOf(record, reading.Meter))];
        double? floor = energy.Scope is MeterScope.Gpu or MeterScope.Module ? record.Manifest.Baselines?.LoadedIdleWatts : null;
        return PhaseEnergySplit.ByRegression(
            PhaseWindow.Cut(meters, record.MeterReadings, from, to, EnergyAccount.WorkOf(record, steps)), floor);
    }
}
