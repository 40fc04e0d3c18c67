using GreenServe.Records;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>Divides servers between the requests of one priority and all others.</summary>
/// <param name="priority">Name of the priority.</param>
/// <param name="share">Share of servers for it, from 0 to 1.</param>
internal sealed class PrioritySplit(string priority, double share)
{
    private readonly HashSet<int> servers = [];

    /// <summary>The problem of a priority that no request has, so that the servers for it would stand idle.</summary>
    /// <param name="place">Where the priority is stated.</param>
    /// <param name="priority">Name of the priority.</param>
    /// <param name="known">Names of the priorities that requests may have; empty where the workload states none.</param>
    internal static IEnumerable<Problem> Check(string place, string priority, IReadOnlyList<string> known) =>
        known.Count == 0 || known.Contains(priority)
            ? []
            : [new Problem(place, priority, $"a priority of the workload: {string.Join(", ", known)}")];

    /// <summary>Takes every second of some servers for a half, every third for a third, and so on.</summary>
    internal void Divide(IReadOnlyList<IServerView> among)
    {
        for (int index = 0; index < among.Count; index++)
        {
            if (Math.Floor((index + 1) * share) > Math.Floor(index * share))
            {
                servers.Add(among[index].Number);
            }
        }
    }

    /// <summary>Whether a server is for requests of the priority.</summary>
    internal bool Contains(IServerView server) => servers.Contains(server.Number);

    /// <summary>Sends a request with a priority to the instance with the fewest predicted tokens among those for it.</summary>
    internal RouteDecision Route(in RequestView request, IClusterView cluster)
    {
        if (request.Priority is null)
        {
            return RouteDecision.ByRouter;
        }

        bool isOfPriority = request.Priority == priority;
        IInstanceView? best = null;
        for (int index = 0; index < cluster.Instances.Count; index++)
        {
            IInstanceView instance = cluster.Instances[index];
            if (Contains(instance.Server) == isOfPriority && instance.Serves(request)
                && (best is null || instance.PredictedTokens < best.PredictedTokens))
            {
                best = instance;
            }
        }

        return best is null ? RouteDecision.ByRouter : RouteDecision.To(best.Number);
    }
}
