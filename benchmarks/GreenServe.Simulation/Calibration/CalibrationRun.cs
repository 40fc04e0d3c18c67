using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>A run to calibrate on: the system it ran on as we know it, its steps, and its energy over time.</summary>
/// <param name="Name">Name of the record.</param>
/// <param name="System">The system.</param>
/// <param name="Steps">Steps with work, in order of time.</param>
/// <param name="Energy">Cumulative energy of all accelerators; empty where none was metered.</param>
/// <param name="FrontEnd">What requests waited outside the engine.</param>
internal sealed record CalibrationRun(
    string Name, SimulatedSystem System, IReadOnlyList<MeasuredStep> Steps, IReadOnlyList<(double Seconds, double Joules)> Energy, FrontEndWaits FrontEnd)
{
    internal static CalibrationRun Of(int number, RunRecord record, SimulatedSystem system) => new(
        Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
        system,
        StepHistory.Of(number, record, system),
        RecordEnergy.Curve(record),
        FrontEndWaits.Of(record, StepHistory.PauseSeconds(record)));

    /// <summary>What the system says a step costs; where its clock was not recorded, after the power cap.</summary>
    internal Func<MeasuredStep, StepCost> Predictor()
    {
        StepModel model = System.StepModel();
        return step => step.ClockRatio is { } ratio ? model.CostAt(step.Shape, ratio) : model.Cost(step.Shape);
    }
}
