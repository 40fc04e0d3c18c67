using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>
/// What a server carries of each class: with the largest instances that it can have where servers are divided anew, and with those of the
/// cluster file otherwise. Loads are counted in servers that they fill.
/// </summary>
internal sealed class PoolCapacities
{
    private readonly double[] requestsPerSecond;

    /// <summary>Reads the profiles. A class that no server carries within the SLO counts as the one of which it carries least.</summary>
    /// <param name="profiles">Profiles of the servers.</param>
    /// <param name="server">A server in the cluster file.</param>
    /// <param name="dividesAnew">Whether servers are divided anew during the run.</param>
    internal PoolCapacities(ServingProfiles profiles, ClusterReplica server, bool dividesAnew)
    {
        int[] degrees = dividesAnew
            ? [.. LargestDivision(profiles.TensorParallelisms, server.System.GpuCount / server.System.PipelineParallelism)]
            : [.. server.Instances.Select(instance => instance.TensorParallelism)];
        double[] own = [.. RequestClass.All.Select(pool => degrees.Sum(degree => profiles.Of(pool, degree).CapacityRequestsPerSecond))];
        double least = own.Where(capacity => capacity > 0).DefaultIfEmpty(1).Min();
        requestsPerSecond = [.. own.Select(capacity => capacity > 0 ? capacity : least)];
    }

    /// <summary>The servers that rates of the classes fill.</summary>
    /// <param name="rates">The rate of each class, in requests per second.</param>
    internal double[] LoadsOf(double[] rates) => [.. rates.Select((rate, number) => rate / requestsPerSecond[number])];

    /// <summary>The rates that fill servers of the pools.</summary>
    /// <param name="loads">The load of each pool, in servers.</param>
    internal double[] RatesOf(double[] loads) => [.. loads.Select((load, pool) => load * requestsPerSecond[pool])];

    /// <summary>Number of requests of a pool's class that take as much of a server as one request of a class.</summary>
    /// <param name="pool">Number of the pool, or that of no pool.</param>
    /// <param name="number">Number of the class.</param>
    internal double WeightRequests(int pool, int number) =>
        pool == ServerPools.None ? 1 : requestsPerSecond[pool] / requestsPerSecond[number];

    /// <summary>The largest instances that fit into a server one after the other.</summary>
    private static IEnumerable<int> LargestDivision(IReadOnlyList<int> degrees, int gpus)
    {
        int left = gpus;
        for (int choice = degrees.Count - 1; choice >= 0; choice--)
        {
            for (; left >= degrees[choice]; left -= degrees[choice])
            {
                yield return degrees[choice];
            }
        }
    }
}
