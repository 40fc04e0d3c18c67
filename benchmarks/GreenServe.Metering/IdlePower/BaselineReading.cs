namespace GreenServe.Metering.IdlePower;

/// <summary>Power of all chosen GPUs together without load.</summary>
/// <param name="Watts">Power (W); <c>null</c> if not measured.</param>
/// <param name="ErrorWatts">Bound from the window's edges and from drift, without the sensors' gain (W); <c>null</c> if not measured.</param>
/// <param name="Note">How it was obtained, or why it was not.</param>
public sealed record BaselineReading(double? Watts, double? ErrorWatts, string Note);
