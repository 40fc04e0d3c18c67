namespace GreenServe.Records.EnergyAccounting;

/// <summary>A number with its error bound, both in the same unit.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">Largest distance of the true number from the value; not negative.</param>
public readonly record struct ErrorBounded(double Value, double Error);
