using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>Which server belongs to which pool. A server that belongs to none is off, or on its way there.</summary>
/// <param name="servers">Number of servers.</param>
internal sealed class ServerPools(int servers)
{
    /// <summary>The pool of a server without one.</summary>
    internal const int None = -1;

    private readonly int[] pools = [.. Enumerable.Repeat(None, servers)];

    /// <summary>The pool of a server, or <see cref="None"/>.</summary>
    internal int this[int server] => pools[server];

    /// <summary>Number of servers of a pool.</summary>
    internal int Count(int pool) => pools.Count(own => own == pool);

    /// <summary>
    /// Gives each pool a number of servers. Servers stay where they are as far as possible. A pool takes servers that another gives up
    /// before it starts one, and servers that no pool wants are switched off.
    /// </summary>
    /// <param name="wanted">Number of servers of each pool.</param>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="actions">Receives the decisions.</param>
    internal void Assign(ReadOnlySpan<int> wanted, IClusterView cluster, IClusterActions actions)
    {
        List<int> spare = [];
        for (int pool = 0; pool < wanted.Length; pool++)
        {
            spare.AddRange(Surplus(pool, wanted[pool], cluster));
        }

        foreach (int server in spare)
        {
            pools[server] = None;
        }

        Queue<int> free = new([.. spare, .. Unused(cluster).Except(spare)]);
        for (int pool = wanted.Length - 1; pool >= 0; pool--)
        {
            for (int missing = wanted[pool] - Count(pool); missing > 0 && free.TryDequeue(out int server); missing--)
            {
                pools[server] = pool;
                if (!spare.Contains(server))
                {
                    actions.Start(server, "the expected load needs it");
                }
            }
        }

        foreach (int server in free.Where(server => !cluster.Servers[server].IsOff))
        {
            actions.PowerOff(server, "the expected load does not need it");
        }
    }

    /// <summary>The servers that a pool has too many, those with the fewest requests first.</summary>
    private IEnumerable<int> Surplus(int pool, int wanted, IClusterView cluster) => Enumerable.Range(0, pools.Length)
        .Where(server => pools[server] == pool)
        .OrderBy(server => cluster.Servers[server].Instances.Sum(instance => instance.Requests))
        .ThenByDescending(server => server)
        .Take(Math.Max(0, Count(pool) - wanted));

    /// <summary>The servers without a pool. Those that have no change in progress come first.</summary>
    private IEnumerable<int> Unused(IClusterView cluster) => Enumerable.Range(0, pools.Length)
        .Where(server => pools[server] == None)
        .OrderBy(server => cluster.Servers[server].IsChanging);
}
