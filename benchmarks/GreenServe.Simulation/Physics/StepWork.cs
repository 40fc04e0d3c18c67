namespace GreenServe.Simulation.Physics;

/// <summary>A step at one clock before it has a price: its time and its work on one accelerator, split by what they are for.</summary>
/// <param name="Seconds">Duration (s).</param>
/// <param name="PrefillSeconds">The part charged to prefill (s).</param>
/// <param name="ContextSeconds">What one context token adds to the duration (s).</param>
/// <param name="Work">Work of the whole step.</param>
/// <param name="PrefillWork">The part charged to prefill.</param>
/// <param name="ContextWork">What one context token adds to the work.</param>
internal readonly record struct StepWork(
    double Seconds, double PrefillSeconds, double ContextSeconds, PowerWork Work, PowerWork PrefillWork, PowerWork ContextWork);
