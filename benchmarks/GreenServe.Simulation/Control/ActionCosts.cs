namespace GreenServe.Simulation.Control;

/// <summary>What actions on a cluster cost in time. Their energy follows from the power that is drawn meanwhile.</summary>
/// <param name="StartSeconds">Time from switching an instance on to its first request, in seconds, at least 0.</param>
/// <param name="ReshardSeconds">Time from the last request before a re-partition to the first one after it, in seconds, at least 0.</param>
/// <param name="ClockChangeSeconds">Time for which setting a clock keeps an instance from working, in seconds, at least 0.</param>
/// <param name="WakeSeconds">Time from waking an instance to its first request, in seconds, at least 0.</param>
public sealed record ActionCosts(double StartSeconds, double ReshardSeconds, double ClockChangeSeconds, double WakeSeconds);
