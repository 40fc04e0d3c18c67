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
    /// ScaleInst: each pool gets as many whole servers as its load fills. What is left over goes to the next class that dominates it, so
    /// that only the pool of the largest class has a server that is partly used.
    /// </summary>
    /// <param name="loads">Expected load of each class, in servers that it fills.</param>
    /// <param name="available">Number of servers of the cluster, at least 1.</param>
    internal static int[] WithoutFragments(double[] loads, int available) =>
        Fitting(loads, available, (pool, load) => pool == Largest ? Math.Ceiling(load) : Math.Floor(load));

    /// <summary>MultiPool: each pool gets the servers that its own peak needs.</summary>
    /// <param name="peaks">Highest load of each class, in servers that it fills.</param>
    /// <param name="available">Number of servers of the cluster, at least 1.</param>
    internal static int[] ForPeaks(double[] peaks, int available) => Fitting(peaks, available, (_, load) => Math.Ceiling(load));

    /// <summary>
    /// The load that each pool is to carry, in servers: a pool without servers, or with too few, hands on what it cannot carry to the next
    /// class that dominates it.
    /// </summary>
    /// <param name="loads">Expected load of each class, in servers that it fills.</param>
    /// <param name="servers">Number of servers of each pool.</param>
    internal static double[] LoadsOfPools(double[] loads, int[] servers)
    {
        double[] pools = [.. loads];
        for (int pool = 0; pool < Largest; pool++)
        {
            double excess = Math.Max(0, pools[pool] - servers[pool]);
            pools[pool] -= excess;
            pools[Following[pool]] += excess;
        }

        return pools;
    }

    /// <summary>
    /// Servers for each pool. While there are not enough of them, the pool with the lowest load is given up, and the next class that
    /// dominates it takes its requests. Servers that this leaves over go to the largest class, since the cluster is short of them. The
    /// largest class has a server in any case.
    /// </summary>
    private static int[] Fitting(double[] loads, int available, Func<int, double, double> serversFor)
    {
        bool[] isGivenUp = new bool[loads.Length];
        while (true)
        {
            (int[] servers, int smallest) = Fill(loads, isGivenUp, available, serversFor);
            int left = available - servers.Sum();
            if (left >= 0 || smallest < 0)
            {
                servers[Largest] += left < 0 || isGivenUp.Contains(true) ? left : 0;
                return servers;
            }

            isGivenUp[smallest] = true;
        }
    }

    /// <summary>
    /// Servers for each pool, which hands on what they do not carry; and the pool with servers that has the lowest load, the largest class
    /// excepted, or -1 if there is none.
    /// </summary>
    private static (int[] Servers, int Smallest) Fill(
        double[] loads, bool[] isGivenUp, int available, Func<int, double, double> serversFor)
    {
        int[] servers = new int[loads.Length];
        double[] pending = [.. loads];
        int smallest = -1;
        for (int pool = 0; pool < Largest; pool++)
        {
            servers[pool] = isGivenUp[pool] ? 0 : (int)Math.Min(available + 1, serversFor(pool, pending[pool]));
            pending[Following[pool]] += Math.Max(0, pending[pool] - servers[pool]);
            smallest = servers[pool] > 0 && (smallest < 0 || pending[pool] < pending[smallest]) ? pool : smallest;
        }

        servers[Largest] = (int)Math.Clamp(serversFor(Largest, pending[Largest]), 1, available + 1);
        return (servers, smallest);
    }

    private static bool Dominates(RequestClass larger, RequestClass smaller) =>
        larger.Input >= smaller.Input && larger.Output >= smaller.Output;
}
