namespace GreenServe.Simulation.Physics;

/// <summary>One end of the uncertainty of a step's energy.</summary>
/// <param name="Joules">Energy of the step (J).</param>
/// <param name="JoulesPerContextToken">What one more context token adds (J).</param>
public readonly record struct EnergyBound(double Joules, double JoulesPerContextToken);
