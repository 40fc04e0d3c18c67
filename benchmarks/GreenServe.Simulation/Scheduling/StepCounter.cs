namespace GreenServe.Simulation.Scheduling;

/// <summary>Steps a scheduler has completed, shared with its sequences.</summary>
internal sealed class StepCounter
{
    internal long Value { get; set; }
}
