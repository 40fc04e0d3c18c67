using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>How many servers each of the nine pools gets. Classes are numbered as in <see cref="RequestClass.All"/>.</summary>
internal static class PoolSizing
{
    private static readonly int[] Following =
    [
        .. RequestClass.All.Select((smaller, number) => Enumerable.Range(number + 1, RequestClass.All.Count - number - 1)
            .FirstOrDefault(other => Dominates(RequestClass.All[other], smaller), defaultValue: -1)),
    ];

    /// <summary>The class of the longest inputs and outputs, whose pool serves every request that finds no other.</summary>
    internal static int Largest => RequestClass.All.Count - 1;

    /// <summary>Whether inputs and outputs of one class are at least as long as those of another.</summary>
    internal static bool Dominates(int larger, int smaller) => Dominates(RequestClass.All[larger], RequestClass.All[smaller]);

    /// <summary>
    /// ScaleInst: each pool gets as many whole servers as its rate fills. What is left over goes to the next class that dominates it, so that
    /// only the pool of the largest class has a server that is partly used.
    /// </summary>
    /// <param name="rates">Expected rate of each class, in requests per second.</param>
    /// <param name="capacities">What a server carries of each class, in requests per second; 0 if nothing.</param>
    /// <param name="available">Number of servers of the cluster, at least 1.</param>
    internal static int[] WithoutFragments(ReadOnlySpan<double> rates, ReadOnlySpan<double> capacities, int available)
    {
        double[] pending = rates.ToArray();
        int[] servers = new int[pending.Length];
        int left = available - 1;
        for (int pool = 0; pool < Largest; pool++)
        {
            servers[pool] = capacities[pool] > 0 ? (int)Math.Min(left, Math.Floor(pending[pool] / capacities[pool])) : 0;
            left -= servers[pool];
            pending[Following[pool]] += Math.Max(0, pending[pool] - (servers[pool] * capacities[pool]));
        }

        servers[Largest] = capacities[Largest] > 0
            ? (int)Math.Clamp(Math.Ceiling(pending[Largest] / capacities[Largest]), 1, left + 1)
            : left + 1;
        return servers;
    }

    /// <summary>
    /// MultiPool: each pool gets the servers that its own peak needs. While there are not enough servers, the pool with the lowest load is
    /// given up, and the next class that dominates it takes its requests.
    /// </summary>
    /// <param name="peaks">Highest rate of each class, in requests per second.</param>
    /// <param name="capacities">What a server carries of each class, in requests per second; 0 if nothing.</param>
    /// <param name="available">Number of servers of the cluster, at least 1.</param>
    internal static int[] ForPeaks(ReadOnlySpan<double> peaks, ReadOnlySpan<double> capacities, int available)
    {
        double[] pending = peaks.ToArray();
        while (true)
        {
            int[] servers = new int[pending.Length];
            int smallest = -1;
            double smallestLoad = double.PositiveInfinity;
            for (int pool = 0; pool < servers.Length; pool++)
            {
                double load = pending[pool] == 0 ? 0 : pending[pool] / capacities[pool];
                servers[pool] = (int)Math.Min(available + 1, Math.Ceiling(load));
                if (servers[pool] > 0 && pool != Largest && load < smallestLoad)
                {
                    (smallest, smallestLoad) = (pool, load);
                }
            }

            if (servers.Sum() <= available)
            {
                servers[Largest] = Math.Max(servers[Largest], servers.Sum() == 0 ? 1 : 0);
                return servers;
            }

            if (smallest < 0)
            {
                servers[Largest] = available;
                return servers;
            }

            pending[Following[smallest]] += pending[smallest];
            pending[smallest] = 0;
        }
    }

    private static bool Dominates(RequestClass larger, RequestClass smaller) =>
        larger.Input >= smaller.Input && larger.Output >= smaller.Output;
}
