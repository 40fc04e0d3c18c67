using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>A measured step: what it worked on, how long it took, at which clock.</summary>
/// <param name="Run">Number of the run it belongs to.</param>
/// <param name="Shape">What it worked on, as far as a record tells.</param>
/// <param name="Seconds">From its start to the start of the next, where the engine went straight on (s).</param>
/// <param name="StartSeconds">When it began (s).</param>
/// <param name="ClockRatio">Clock relative to the highest; <c>null</c> where it was not recorded: then the model says where the power cap put it.</param>
internal readonly record struct MeasuredStep(int Run, StepShape Shape, double Seconds, double StartSeconds, double? ClockRatio);
