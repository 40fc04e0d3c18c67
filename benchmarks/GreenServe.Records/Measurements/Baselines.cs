namespace GreenServe.Records.Measurements;

/// <summary>Power of the serving accelerators (sum, W) without load. <c>null</c> where not measured.</summary>
/// <param name="IdleWatts">Cool and with no process on them.</param>
/// <param name="LoadedIdleWatts">Weights in memory, no requests.</param>
/// <param name="Note">How they were obtained, or why they were not.</param>
public sealed record Baselines(double? IdleWatts, double? LoadedIdleWatts, string? Note = null)
{
    /// <summary>Bound on the error of <see cref="IdleWatts"/> without the sensors' gain (W); <c>null</c> if not known.</summary>
    public double? IdleErrorWatts { get; init; }

    /// <summary>Bound on the error of <see cref="LoadedIdleWatts"/> without the sensors' gain (W); <c>null</c> if not known.</summary>
    public double? LoadedIdleErrorWatts { get; init; }
}
