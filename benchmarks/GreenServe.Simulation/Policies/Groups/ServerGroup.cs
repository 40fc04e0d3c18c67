using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.Groups;

/// <summary>Servers among which a policy does not distinguish: those with the same model, or those of one site.</summary>
/// <param name="Name">Name of the group: the model or the site.</param>
/// <param name="Servers">The servers, at least one.</param>
internal sealed record ServerGroup(string Name, IReadOnlyList<IServerView> Servers)
{
    /// <summary>The servers of a cluster by what they serve: model, quality, accelerators, engine and knobs.</summary>
    /// <param name="cluster">The cluster at the beginning of a run.</param>
    internal static IReadOnlyList<ServerGroup> ByModel(IClusterView cluster) =>
        [.. cluster.Servers.GroupBy(server => (server.System, server.QualityRatio))
            .Select(group => new ServerGroup(group.Key.System.Model.Name, [.. group]))];

    /// <summary>The servers of a cluster by site. A cluster without sites is one group.</summary>
    /// <param name="cluster">The cluster at the beginning of a run.</param>
    internal static IReadOnlyList<ServerGroup> BySite(IClusterView cluster) =>
        [.. cluster.Servers.GroupBy(server => server.Site ?? "").Select(group => new ServerGroup(group.Key, [.. group]))];

    /// <summary>Number of requests of the group that wait for their first token.</summary>
    internal int PromptRequests()
    {
        int requests = 0;
        foreach (IServerView server in Servers)
        {
            foreach (IInstanceView instance in server.Instances)
            {
                requests += instance.PromptRequests;
            }
        }

        return requests;
    }
}
