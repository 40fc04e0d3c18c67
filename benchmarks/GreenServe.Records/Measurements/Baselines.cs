namespace GreenServe.Records.Measurements;

/// <summary>Power of the serving accelerators without load, summed over them (W).</summary>
/// <param name="IdleWatts">Power of cool accelerators that no process uses (W); <c>null</c> where not measured.</param>
/// <param name="LoadedIdleWatts">Power with the weights in memory and no request (W); <c>null</c> where not measured.</param>
/// <param name="Note">How the powers were obtained, or why they were not; <c>null</c> for no note.</param>
public sealed record Baselines(double? IdleWatts, double? LoadedIdleWatts, string? Note = null)
{
    /// <summary>Bound on the error of <see cref="IdleWatts"/> without the sensors' gain (W); <c>null</c> if not known.</summary>
    public double? IdleErrorWatts { get; init; }

    /// <summary>Bound on the error of <see cref="LoadedIdleWatts"/> without the sensors' gain (W); <c>null</c> if not known.</summary>
    public double? LoadedIdleErrorWatts { get; init; }
}
