namespace GreenServe.Metering.IdlePower;

/// <summary>The power of all chosen GPUs together without load, or the reason why it was not measured.</summary>
/// <remarks>Sweeps keep these readings in a file, so the names of the properties are a file format.</remarks>
/// <param name="Watts">Mean power (W), summed over the GPUs; <c>null</c> if it was not measured.</param>
/// <param name="ErrorWatts">
/// Bound on the error (W) from the edges of the window and from power that still moved, without the gain error of the sensors;
/// <c>null</c> if the power was not measured.
/// </param>
/// <param name="Note">How the power was measured, or why it was not.</param>
public sealed record BaselineReading(double? Watts, double? ErrorWatts, string Note)
{
    /// <summary>Makes a reading without a number.</summary>
    /// <param name="reason">Why there is no number, for people.</param>
    public static BaselineReading NotMeasured(string reason) => new(null, null, reason);
}
