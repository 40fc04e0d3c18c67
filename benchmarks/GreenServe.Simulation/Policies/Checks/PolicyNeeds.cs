using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Policies.Checks;

/// <summary>What policies need of a cluster and of a load. Each check names the problem of one that lacks it.</summary>
internal static class PolicyNeeds
{
    /// <summary>Requests whose times the schedule states.</summary>
    internal static IEnumerable<Problem> OpenLoop(RequestSchedule schedule)
    {
        if (schedule.Concurrency is { } users)
        {
            yield return new Problem(
                "workload", $"a closed loop of {Counted(users, "user")}", "an open loop: its schedule says how much comes and when");
        }
    }

    /// <summary>Servers that serve whole requests.</summary>
    internal static IEnumerable<Problem> WholeRequests(ClusterDefinition cluster)
    {
        ReplicaRole[] roles = [.. cluster.Replicas.Select(replica => replica.Role).Where(role => role != ReplicaRole.Whole).Distinct()];
        if (roles.Length > 0)
        {
            string found = string.Join(" and ", roles.Select(EnumText.Of));
            yield return new Problem("replicas", $"servers with the role {found}", "servers that serve whole requests");
        }
    }

    /// <summary>Servers that serve every class of requests.</summary>
    internal static IEnumerable<Problem> AllClasses(ClusterDefinition cluster)
    {
        if (cluster.Replicas.Any(replica => replica.Classes is not null))
        {
            yield return new Problem("replicas", "servers for some classes only", "servers that serve all classes");
        }
    }

    /// <summary>Servers that run one instance each.</summary>
    internal static IEnumerable<Problem> UndividedServers(ClusterDefinition cluster)
    {
        if (cluster.Replicas.FirstOrDefault(replica => replica.Partition.Count > 1) is { } divided)
        {
            yield return new Problem("replicas", $"a partition of {string.Join(" + ", divided.Partition)}", "one instance on each server");
        }
    }

    /// <summary>Every server in a row.</summary>
    internal static IEnumerable<Problem> Rows(ClusterDefinition cluster)
    {
        int outside = cluster.Replicas.Count(replica => replica.Row is null);
        if (outside > 0)
        {
            yield return new Problem("rows", $"{Counted(outside, "server")} in no row", "every server in a row with budget_watts");
        }
    }

    /// <summary>Every server at a site, and more than one site.</summary>
    internal static IEnumerable<Problem> Sites(ClusterDefinition cluster)
    {
        int outside = cluster.Replicas.Count(replica => replica.Site is null);
        int sites = cluster.Replicas.Select(replica => replica.Site).OfType<string>().Distinct().Count();
        if (outside > 0 || sites < 2)
        {
            string found = outside > 0 ? $"{Counted(outside, "server")} at no site" : Counted(sites, "site");
            yield return new Problem("sites", found, "every server at a site, and at least two sites to choose from");
        }
    }

    /// <summary>Servers of more than one model, or that serve a model in more than one way.</summary>
    internal static IEnumerable<Problem> Models(ClusterDefinition cluster)
    {
        if (cluster.Replicas.Select(replica => (replica.System, cluster.QualityRatio(replica, replica.System))).Distinct().Count() < 2)
        {
            yield return new Problem("replicas", "servers that are all alike", "at least two models to choose from");
        }
    }

    /// <summary>Clocks that every server can have.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="clocks">Each clock, in megahertz, with the place where the policy states it.</param>
    internal static IEnumerable<Problem> Clocks(ClusterDefinition cluster, IEnumerable<(string Place, double Megahertz)> clocks) =>
        from server in cluster.Replicas.DistinctBy(replica => replica.System.Gpu.Name)
        from clock in clocks
        from problem in server.System.AtClock(clock.Megahertz).Check()
        select problem with { Place = clock.Place };

    /// <summary>A number of servers that are on, of which the cluster has as many and which serve every request.</summary>
    /// <param name="servers">The number of servers that are on; <c>null</c> for all.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="areFirst">Whether they are those that the cluster file states first. Otherwise they may be any.</param>
    internal static IEnumerable<Problem> ServersOn(int? servers, ClusterDefinition cluster, bool areFirst)
    {
        int available = cluster.Replicas.Count;
        if (servers > available)
        {
            yield return new Problem("$.servers", servers, $"at most the {available} servers of the cluster");
        }
        else if (servers < available)
        {
            ClusterReplica[] on = [.. cluster.Replicas.Take(servers.Value)];
            HashSet<(ReplicaRole, string)> served = [.. on.SelectMany(Kinds)];
            bool leavesOne = areFirst
                ? cluster.Replicas.SelectMany(Kinds).Any(kind => !served.Contains(kind))
                : cluster.Replicas.Any(replica => replica.Role != on[0].Role || replica.Classes != on[0].Classes);
            if (leavesOne)
            {
                yield return new Problem(
                    "$.servers",
                    servers,
                    areFirst
                        ? "so many that every role and class of the cluster has one of the first servers"
                        : "all servers, where they differ in role or classes");
            }
        }
    }

    /// <summary>A number of things, in the plural where it is not one.</summary>
    internal static string Counted(int count, string singular) => count == 1 ? $"1 {singular}" : $"{count} {singular}s";

    /// <summary>The role of a server with each class that it serves.</summary>
    private static IEnumerable<(ReplicaRole Role, string Class)> Kinds(ClusterReplica replica) =>
        RequestClassNames(replica).Select(name => (replica.Role, name));

    private static IEnumerable<string> RequestClassNames(ClusterReplica replica) =>
        Records.Requests.RequestClass.All.Select(each => each.Name).Where(name => replica.Classes?.Contains(name) ?? true);
}
