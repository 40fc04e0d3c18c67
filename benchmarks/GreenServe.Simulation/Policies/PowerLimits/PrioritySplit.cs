using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Groups;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>Divides servers between the requests of one priority and all others.</summary>
/// <param name="priority">Name of the priority.</param>
/// <param name="share">Share of servers for it, from 0 to 1.</param>
internal sealed class PrioritySplit(string priority, double share)
{
    private readonly HashSet<int> numbers = [];
    private IServerView[] own = [];
    private IServerView[] others = [];

    /// <summary>The problem of a priority that no request has, so that the servers for it would stand idle.</summary>
    /// <param name="place">Where the priority is stated.</param>
    /// <param name="priority">Name of the priority.</param>
    /// <param name="known">Names of the priorities that requests may have; empty where the workload states none.</param>
    internal static IEnumerable<Problem> Check(string place, string priority, IReadOnlyList<string> known) =>
        known.Count == 0 || known.Contains(priority)
            ? []
            : [new Problem(place, priority, $"a priority of the workload: {string.Join(", ", known)}")];

    /// <summary>Takes every second server of each row for a half, every third for a third, and so on.</summary>
    /// <param name="cluster">The cluster, whose servers are all in rows.</param>
    internal void Divide(IClusterView cluster)
    {
        foreach (IRowView row in cluster.Rows)
        {
            foreach ((int index, IServerView server) in row.Servers.Index())
            {
                if (Math.Floor((index + 1) * share) > Math.Floor(index * share))
                {
                    numbers.Add(server.Number);
                }
            }
        }

        own = [.. cluster.Servers.Where(Contains)];
        others = [.. cluster.Servers.Where(server => !Contains(server))];
    }

    /// <summary>Whether a server is for requests of the priority.</summary>
    internal bool Contains(IServerView server) => numbers.Contains(server.Number);

    /// <summary>Sends a request with a priority to the instance with the fewest predicted tokens among those for it.</summary>
    internal RouteDecision Route(in RequestView request) =>
        request.Priority is not null && (request.Priority == priority ? own : others).LeastLoaded(request) is { } instance
            ? RouteDecision.To(instance.Number)
            : RouteDecision.ByRouter;
}
