using GreenServe.Records.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>A run to calibrate on: the system it ran on as we know it before, its steps, and its energy over time.</summary>
/// <param name="Name">Name of the record.</param>
/// <param name="System">The system, with the constants before the fit.</param>
/// <param name="Steps">Steps with work, in order of time.</param>
/// <param name="Energy">Cumulative energy of all accelerators; empty where none was metered.</param>
internal sealed record CalibrationRun(
    string Name, SimulatedSystem System, IReadOnlyList<MeasuredStep> Steps, IReadOnlyList<(double Seconds, double Joules)> Energy)
{
    internal static CalibrationRun Of(int number, RunRecord record, SimulatedSystem system)
    {
        double set = (record.Manifest.Knobs.GpuClockMegahertz ?? system.Gpu.Clock.HighestMegahertz) / system.Gpu.Clock.HighestMegahertz;
        IEnumerable<MeasuredStep> steps = record.Steps
            .Where(step => !step.IsIdle && step.DurationSeconds > 0)
            .Select(step => MeasuredStep.Of(
                number, step, Math.Min(1, step.ClockMegahertz / system.Gpu.Clock.HighestMegahertz ?? set)));
        IReadOnlyList<(double Seconds, double Joules)> energy = RecordEnergy.Curve(record);
        return new CalibrationRun(Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)), system, [.. steps], energy);
    }
}
