using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>A run to calibrate on: the system it ran on as we know it, its steps, and its energy over time.</summary>
/// <param name="Name">Name of the record.</param>
/// <param name="System">The system.</param>
/// <param name="Steps">Steps with work, in order of time.</param>
/// <param name="Energy">Cumulative energy of all accelerators; empty where none was metered.</param>
/// <param name="FrontEnd">What requests waited outside the engine.</param>
/// <param name="Baselines">Power without load; <c>null</c> where it was not measured.</param>
internal sealed record CalibrationRun(
    string Name,
    SimulatedSystem System,
    IReadOnlyList<MeasuredStep> Steps,
    IReadOnlyList<(double Seconds, double Joules)> Energy,
    FrontEndWaits FrontEnd,
    Baselines? Baselines)
{
    internal static CalibrationRun Of(int number, RunRecord record, SimulatedSystem system) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
        system,
        StepHistory.Of(number, record, system),
        RecordEnergy.Curve(record),
        FrontEndWaits.Of(record, StepHistory.PauseSeconds(record)),
        record.Manifest.Baselines);

    /// <summary>What the system says a step costs; where its clock is not known, after a power cap that holds every step.</summary>
    internal Func<MeasuredStep, StepCost> Predictor()
    {
        StepModel model = System.StepModel();
        return step => step.ClockRatio is { } ratio ? model.CostAt(step.Shape, ratio) : model.Cost(step.Shape);
    }

    /// <summary>
    /// Where the cap holds a mean over time, a step's clock follows from the steps before it: the run with the clocks that the system says
    /// they had. Recorded clocks stay.
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
            StepCost free = step.ClockRatio is { } ratio ? model.CostAt(step.Shape, ratio) : model.Cost(step.Shape, double.PositiveInfinity);
            double allowed = step.ClockRatio is null ? window.AllowedWatts(free.Seconds) : double.PositiveInfinity;
            StepCost cost = free.Joules <= allowed * free.Seconds ? free : model.Cost(step.Shape, allowed);
            steps[index] = step with { ClockRatio = cost.ClockRatio };

            // A step that took longer than its work waited for the host.
            window.Add(step.Seconds, cost.Joules + (floorWatts * Math.Max(0, step.Seconds - cost.Seconds)));
            end = step.StartSeconds + step.Seconds;
        }

        return this with { Steps = steps };
    }
}
