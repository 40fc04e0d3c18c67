using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.Solvers;

namespace GreenServe.Simulation.Policies.Sites;

/// <summary>
/// Brings the servers of a cluster to a plan, and sends requests to them in its proportions. Servers that the plan does not need serve on
/// until all that it needs do.
/// </summary>
/// <param name="pools">The servers.</param>
internal sealed class PlannedFleet(IReadOnlyList<ServerPool> pools)
{
    private readonly IServerView[] servers = [.. pools.SelectMany(pool => pool.Servers)];

    /// <summary>Number of the pool and tensor parallelism of each option of a plan.</summary>
    private readonly List<(int Pool, int Degree)> options =
        [.. pools.SelectMany((pool, number) => pool.TensorParallelism.Select(degree => (number, degree)))];

    /// <summary>The option of each server that the plan needs, by number of the server.</summary>
    private readonly Dictionary<int, int> optionOf = [];

    private TrafficPlan? plan;
    private IServerView[] planned = [];
    private IServerView[][] byOption = [];
    private double[,] sent = new double[0, 0];

    /// <summary>Takes a new plan: chooses servers for its options, first those that are in the right state.</summary>
    /// <param name="next">The plan.</param>
    internal void Follow(TrafficPlan next)
    {
        plan = next;
        sent = new double[next.RequestsPerSecond.GetLength(0), next.RequestsPerSecond.GetLength(1)];
        optionOf.Clear();
        int[] missing = [.. next.Servers];
        Choose(missing, (server, degree) => !server.IsOff && DegreeOf(server) == degree);
        Choose(missing, (server, degree) => server.IsOff && DegreeOf(server) == degree);
        Choose(missing, (server, _) => !server.IsOff);
        Choose(missing, (_, _) => true);
        planned = [.. servers.Where(server => optionOf.ContainsKey(server.Number))];
        byOption = [.. options.Select((_, option) => (IServerView[])[.. planned.Where(server => optionOf[server.Number] == option)])];
    }

    /// <summary>Takes the next step towards the plan.</summary>
    /// <param name="actions">Receives the decisions.</param>
    internal void Approach(IClusterActions actions)
    {
        if (plan is null)
        {
            return;
        }

        bool waits = false;
        foreach (IServerView server in planned.OrderBy(server => server.Number))
        {
            int degree = options[optionOf[server.Number]].Degree;
            waits |= server.IsChanging || server.IsOff || DegreeOf(server) != degree;
            if (server.IsOff)
            {
                actions.Start(server.Number, "needed by the plan");
            }
            else if (!server.IsChanging && DegreeOf(server) != degree)
            {
                int instances = server.GpuCount / (degree * server.System.PipelineParallelism);
                actions.Partition(server.Number, [.. Enumerable.Repeat(degree, instances)], "division of the plan");
            }
        }

        foreach (IServerView server in waits ? [] : servers)
        {
            if (!server.IsOff && !server.IsChanging && !optionOf.ContainsKey(server.Number))
            {
                actions.PowerOff(server.Number, "not needed by the plan");
            }
        }
    }

    /// <summary>
    /// The instance for a request: in the proportions of the plan, or the one with the fewest tokens to do where the plan has none for such
    /// a request that serves now; <c>null</c> where nothing serves it.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">Its kind.</param>
    internal IInstanceView? Choose(in RequestView request, int kind) =>
        (plan is null ? null : InProportion(plan, request, kind)) ?? planned.LeastLoaded(request) ?? servers.LeastLoaded(request);

    private IInstanceView? InProportion(TrafficPlan plan, in RequestView request, int kind)
    {
        (int? chosen, IInstanceView? instance, double least) = (null, null, double.PositiveInfinity);
        for (int option = 0; option < options.Count; option++)
        {
            double rate = plan.RequestsPerSecond[option, kind];
            double share = (sent[option, kind] + 1) / rate;
            if (rate > 0 && share < least && byOption[option].LeastLoaded(request) is { } found)
            {
                (chosen, instance, least) = (option, found, share);
            }
        }

        if (chosen is { } best)
        {
            sent[best, kind]++;
        }

        return instance;
    }

    private static int DegreeOf(IServerView server) => server.Instances[0].System.TensorParallelism;

    private void Choose(int[] missing, Func<IServerView, int, bool> suits)
    {
        for (int option = 0; option < options.Count; option++)
        {
            foreach (IServerView server in pools[options[option].Pool].Servers)
            {
                if (missing[option] > 0 && !optionOf.ContainsKey(server.Number) && suits(server, options[option].Degree))
                {
                    optionOf.Add(server.Number, option);
                    missing[option]--;
                }
            }
        }
    }
}
