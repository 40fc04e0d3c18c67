using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Solvers;

namespace GreenServe.Simulation.Policies.Sites;

/// <summary>
/// Brings the servers of a cluster to a plan, and sends requests to them in its proportions. Servers that the plan does not need serve on
/// until all that it needs do.
/// </summary>
/// <param name="pools">The servers.</param>
internal sealed class PlannedFleet(IReadOnlyList<ServerPool> pools)
{
    private readonly Dictionary<int, int> optionOf = [];
    private readonly List<(int Pool, int Degree)> options =
        [.. pools.SelectMany((pool, number) => pool.TensorParallelism.Select(degree => (number, degree)))];

    private TrafficPlan? plan;
    private double[,] sent = new double[0, 0];

    /// <summary>Number of the pool and tensor parallelism of each option of a plan.</summary>
    internal IReadOnlyList<(int Pool, int Degree)> Options => options;

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
        foreach ((int number, int option) in optionOf.OrderBy(pair => pair.Key))
        {
            IServerView server = ServerOf(number, option);
            waits |= server.IsChanging || server.IsOff || DegreeOf(server) != options[option].Degree;
            if (server.IsOff)
            {
                actions.Start(number, "needed by the plan");
            }
            else if (!server.IsChanging && DegreeOf(server) != options[option].Degree)
            {
                int degree = options[option].Degree;
                int instances = server.GpuCount / (degree * server.System.PipelineParallelism);
                actions.Partition(number, [.. Enumerable.Repeat(degree, instances)], "division of the plan");
            }
        }

        foreach (IServerView server in waits ? [] : pools.SelectMany(pool => pool.Servers))
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
    internal IInstanceView? Choose(in RequestView request, int kind)
    {
        IInstanceView? planned = plan is null ? null : InProportion(plan, request, kind);
        return planned ?? LeastLoaded(null, request, isPlanned: true) ?? LeastLoaded(null, request, isPlanned: false);
    }

    private IInstanceView? InProportion(TrafficPlan plan, in RequestView request, int kind)
    {
        (int? chosen, IInstanceView? instance, double least) = (null, null, double.PositiveInfinity);
        for (int option = 0; option < options.Count; option++)
        {
            double rate = plan.RequestsPerSecond[option, kind];
            double share = (sent[option, kind] + 1) / rate;
            if (rate > 0 && share < least && LeastLoaded(option, request, isPlanned: true) is { } found)
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

    private IServerView ServerOf(int number, int option) =>
        pools[options[option].Pool].Servers.First(server => server.Number == number);

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

    /// <summary>The instance with the fewest tokens to do among the servers of an option, of the plan, or of all pools.</summary>
    private IInstanceView? LeastLoaded(int? option, in RequestView request, bool isPlanned)
    {
        IInstanceView? best = null;
        for (int pool = 0; pool < pools.Count; pool++)
        {
            foreach (IServerView server in option is null || options[option.Value].Pool == pool ? pools[pool].Servers : [])
            {
                if (isPlanned && (!optionOf.TryGetValue(server.Number, out int planned) || planned != (option ?? planned)))
                {
                    continue;
                }

                foreach (IInstanceView instance in server.Instances)
                {
                    if ((best is null || instance.PredictedTokens < best.PredictedTokens) && instance.Serves(request))
                    {
                        best = instance;
                    }
                }
            }
        }

        return best;
    }
}
