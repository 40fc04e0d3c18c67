namespace GreenServe.Simulation.Capacity;

/// <summary>What one server carries with all its instances. Each gets the share of the load that it has of the capacity.</summary>
/// <param name="instances">The profile of each instance.</param>
/// <param name="unusedWatts">Power of the accelerators that no instance uses, in watts.</param>
internal sealed class ServerProfile(IReadOnlyList<ServingProfile> instances, double unusedWatts)
{
    /// <summary>The highest rate within the SLO, in requests per second.</summary>
    internal double CapacityRequestsPerSecond { get; } = instances.Sum(instance => instance.CapacityRequestsPerSecond);

    /// <summary>Mean power of all accelerators of the server at a rate, in watts. The server must carry some load.</summary>
    /// <param name="requestsPerSecond">The rate, in requests per second, at least 0.</param>
    internal double Watts(double requestsPerSecond) => unusedWatts + instances.Sum(instance =>
        instance.Watts(requestsPerSecond * (instance.CapacityRequestsPerSecond / CapacityRequestsPerSecond)));
}
