using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>ScaleShard: plans how the servers of each pool are divided, and divides them one after the other.</summary>
/// <param name="profiles">Profiles of the servers.</param>
/// <param name="pools">Which server belongs to which pool.</param>
/// <param name="servers">Number of servers.</param>
internal sealed class ShardSchedule(ServingProfiles profiles, ServerPools pools, int servers)
{
    private readonly IReadOnlyList<int> degrees = profiles.TensorParallelisms;
    private readonly IReadOnlyList<int>?[] wanted = new IReadOnlyList<int>?[servers];
    private double[] expected = [];

    /// <summary>
    /// Plans the division of each pool. A plan counts where the present division does not carry the expected rate, or where the plan saves
    /// more energy until the next one than the change costs.
    /// </summary>
    /// <param name="expectedRates">Expected rate of each pool, in requests per second.</param>
    /// <param name="periodSeconds">Time until the next plan, in seconds.</param>
    /// <param name="cluster">The cluster now.</param>
    internal void Plan(double[] expectedRates, double periodSeconds, IClusterView cluster)
    {
        expected = expectedRates;
        Array.Clear(wanted);
        for (int pool = 0; pool < RequestClass.All.Count; pool++)
        {
            IServerView[] own = [.. cluster.Servers.Where(server => pools[server.Number] == pool && !server.IsChanging && !server.IsOff)];
            if (own.Length == 0)
            {
                continue;
            }

            ServingProfile[] choices = [.. degrees.Select(degree => profiles.Of(RequestClass.All[pool], degree))];
            int serverGpus = own[0].GpuCount / own[0].System.PipelineParallelism;
            ShardPlan plan = ShardPlan.Best(own.Length, serverGpus, choices, expected[pool]);
            ShardPlan present = ShardPlan.Of(CountsOf(own), choices, expected[pool]);
            List<IReadOnlyList<int>> divisions = [.. plan.PerServer(degrees, serverGpus)];
            IServerView[] changing = [.. own.Where(server => !RemoveEqual(divisions, server))];
            double costJoules = changing.Length * cluster.Costs.ReshardSeconds * profiles.Steps(degrees[^1]).IdleWatts;
            bool isNeeded = present.CapacityRequestsPerSecond < expected[pool]
                && plan.CapacityRequestsPerSecond > present.CapacityRequestsPerSecond;
            if (isNeeded || (plan.CapacityRequestsPerSecond >= expected[pool]
                && (present.Watts - plan.Watts) * periodSeconds > costJoules))
            {
                for (int index = 0; index < changing.Length; index++)
                {
                    wanted[changing[index].Number] = divisions[index];
                }
            }
        }
    }

    /// <summary>Divides the servers as planned.</summary>
    /// <param name="cluster">The cluster now.</param>
    /// <param name="actions">Receives the decisions.</param>
    /// <param name="staggers">
    /// Whether only one server of a pool changes at a time, and only while others carry its load. At the beginning of a run changes take no
    /// time.
    /// </param>
    internal void Apply(IClusterView cluster, IClusterActions actions, bool staggers)
    {
        for (int server = 0; server < wanted.Length; server++)
        {
            if (wanted[server] is { } division && (!staggers || CanSpare(cluster.Servers[server], cluster)))
            {
                actions.Partition(server, division, "least power for the expected load");
                wanted[server] = null;
            }
        }
    }

    /// <summary>
    /// Whether the other servers of the pool, and those for longer requests, carry the load of the pool without one server.
    /// </summary>
    private bool CanSpare(IServerView server, IClusterView cluster)
    {
        int pool = pools[server.Number];
        double spare = 0;
        foreach (IInstanceView instance in cluster.Instances)
        {
            int other = pools[instance.Server.Number];
            if (other == pool && instance.Server.IsChanging)
            {
                return false;
            }

            bool helps = other != ServerPools.None && PoolSizing.Dominates(other, pool) && instance.Server.Number != server.Number;
            spare += helps && instance.State == InstanceState.Serving
                ? profiles.Of(RequestClass.All[other], instance.System.TensorParallelism).CapacityRequestsPerSecond
                : 0;
        }

        for (int other = 0; other < expected.Length; other++)
        {
            spare -= PoolSizing.Dominates(other, pool) ? expected[other] : 0;
        }

        return spare >= 0;
    }

    private int[] CountsOf(IServerView[] own) =>
        [.. degrees.Select(degree => own.Sum(server => server.Instances.Count(instance => instance.System.TensorParallelism == degree)))];

    private static bool RemoveEqual(List<IReadOnlyList<int>> divisions, IServerView server)
    {
        int[] present = [.. server.Instances.Select(instance => instance.System.TensorParallelism).OrderDescending()];
        int equal = divisions.FindIndex(division => division.SequenceEqual(present));
        if (equal >= 0)
        {
            divisions.RemoveAt(equal);
        }

        return equal >= 0;
    }
}
