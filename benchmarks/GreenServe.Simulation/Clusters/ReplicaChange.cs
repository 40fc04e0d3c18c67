namespace GreenServe.Simulation.Clusters;

/// <summary>One thing an operator does to an instance.</summary>
/// <param name="AtSeconds">When, from the start of the run (s).</param>
/// <param name="Replica">Number of the instance, from 0.</param>
/// <param name="Action">What.</param>
/// <param name="Value">The clock (MHz) or the tensor parallelism; <c>null</c> for the other actions, or for the highest clock.</param>
public sealed record ReplicaChange(double AtSeconds, int Replica, ReplicaAction Action, double? Value = null);
