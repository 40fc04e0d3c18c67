namespace GreenServe.Simulation.Physics;

/// <summary>A number with the ends of its uncertainty.</summary>
/// <param name="Middle">The number.</param>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct BandedValue(double Middle, double Low, double High);
