using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>A run to calibrate on: the system as it is known so far, its steps, and its energy over time.</summary>
/// <param name="Name">Name of the record.</param>
/// <param name="System">The system.</param>
/// <param name="Steps">Steps with work, in order of time.</param>
/// <param name="Energy">Cumulative energy of all accelerators, in joules at times in seconds; empty where none was metered.</param>
/// <param name="FrontEnd">Times that requests waited outside the engine.</param>
/// <param name="Baselines">Power without load; <c>null</c> where it was not measured.</param>
internal sealed record CalibrationRun(
    string Name,
    SimulatedSystem System,
    IReadOnlyList<MeasuredStep> Steps,
    IReadOnlyList<(double Seconds, double Joules)> Energy,
    FrontEndWaits FrontEnd,
    Baselines? Baselines)
{
    /// <summary>Reads a run from its record.</summary>
    /// <param name="number">Number of the run among those that are calibrated on together, from 0.</param>
    /// <param name="record">The record.</param>
    /// <param name="system">The system before the fit.</param>
    internal static CalibrationRun Of(int number, RunRecord record, SimulatedSystem system) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
        system,
        StepHistory.Of(number, record, system),
        RecordEnergy.Curve(record),
        FrontEndWaits.Of(record, StepHistory.PauseSeconds(record)),
        record.Manifest.Baselines);

    /// <summary>
    /// Predicts the cost of a step from the system. Where the clock of a step is not known, a power cap that limits every step sets it.
    /// </summary>
    internal Func<MeasuredStep, StepCost> Predictor()
    {
        StepModel model = System.StepModel();
        return step => step.ClockRatio is { } ratio ? model.CostAt(step.Shape, ratio) : model.Cost(step.Shape);
    }

    /// <summary>
    /// The run with the clocks that the system predicts for its steps. Where the power cap limits a mean over time, the clock of a step
    /// depends on the steps before it. Recorded clocks do not change.
    /// </summary>
    internal CalibrationRun WithClocks()
    {
        StepModel model = System.StepModel();
        PowerCapWindow window = new(model.CapWatts, model.CapWindowSeconds);
        if (!window.IsOpen)
        {
            return this;
        }

        double floorWatts = model.LoadedIdleWatts.Middle;
        MeasuredStep[] steps = new MeasuredStep[Steps.Count];
        double end = Steps.Count > 0 ? Steps[0].StartSeconds : 0;
        for (int index = 0; index < steps.Length; index++)
        {
            MeasuredStep step = Steps[index];
            double idle = step.StartSeconds - end;
            window.Add(idle, floorWatts * idle);
            StepCost free = step.ClockRatio is { } ratio
                ? model.CostAt(step.Shape, ratio)
                : model.Cost(step.Shape, double.PositiveInfinity);
            double allowed = step.ClockRatio is null ? window.AllowedWatts(free.Seconds) : double.PositiveInfinity;
            StepCost cost = free.Joules <= allowed * free.Seconds ? free : model.Cost(step.Shape, allowed);
            steps[index] = step with { ClockRatio = cost.ClockRatio };

            // A step that took longer than its work waited for the host and drew the floor power meanwhile.
            window.Add(step.Seconds, cost.Joules + (floorWatts * Math.Max(0, step.Seconds - cost.Seconds)));
            end = step.StartSeconds + step.Seconds;
        }

        return this with { Steps = steps };
    }
}
