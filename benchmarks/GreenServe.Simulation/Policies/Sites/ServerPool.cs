using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Solvers;

namespace GreenServe.Simulation.Policies.Sites;

/// <summary>The servers of one kind at one site, and what they cost in each division into instances.</summary>
/// <param name="Site">The site; <c>null</c> in a cluster that names none.</param>
/// <param name="Servers">The servers, at least one.</param>
/// <param name="TensorParallelism">The divisions that the servers can have: instances of that tensor parallelism.</param>
/// <param name="Costs">What requests cost in each division.</param>
internal sealed record ServerPool(
    ISiteView? Site, IReadOnlyList<IServerView> Servers, IReadOnlyList<int> TensorParallelism, IReadOnlyList<DivisionCosts> Costs)
{
    private const double JoulesPerKilowattHour = 3.6e6;

    /// <summary>The pools of a cluster.</summary>
    /// <param name="cluster">The cluster at the beginning of a run.</param>
    /// <param name="degrees">Tensor parallelism to choose from.</param>
    /// <param name="profilesOf">Profiles of a kind of server.</param>
    /// <param name="busyShare">Share of its capacity that a server is planned to serve, in (0, 1].</param>
    internal static IReadOnlyList<ServerPool> Of(
        IClusterView cluster, IReadOnlyList<int> degrees, Func<SimulatedSystem, ServingProfiles> profilesOf, double busyShare)
    {
        Dictionary<SimulatedSystem, ServingProfiles> known = [];
        return
        [
            .. cluster.Servers.GroupBy(server => (server.Site, server.System)).Select(group =>
            {
                IServerView server = group.First();
                ServingProfiles profiles = known.TryGetValue(server.System, out ServingProfiles? found)
                    ? found
                    : known[server.System] = profilesOf(server.System);
                int[] possible = [.. degrees.Intersect(profiles.TensorParallelisms)];
                int[] divisions = possible.Length > 0 ? possible : [server.System.TensorParallelism];
                return new ServerPool(
                    cluster.Sites.FirstOrDefault(site => site.Name == group.Key.Site),
                    [.. group],
                    divisions,
                    [.. divisions.Select(degree => DivisionCosts.Of(server, cluster, profiles, degree, busyShare))]);
            }),
        ];
    }

    /// <summary>Cost of a joule now: grams of carbon, or the joule itself.</summary>
    /// <param name="seconds">The present time, in seconds from the start of the run.</param>
    /// <param name="countsCarbon">Whether carbon is counted.</param>
    internal double CostPerJoule(double seconds, bool countsCarbon) =>
        countsCarbon ? Site!.Grid.At(seconds).GramsPerKilowattHour!.Value / JoulesPerKilowattHour : 1;
}

/// <summary>What a server in one division into instances costs.</summary>
/// <param name="IdleWatts">Power of the server while it has no work, in watts, with its host.</param>
/// <param name="BusySeconds">
/// Time of the server for a request of each class, in seconds; infinite where it misses the SLO or no such request comes.
/// </param>
/// <param name="Joules">Energy of a request of each class above the power of the idle server, in joules.</param>
internal sealed record DivisionCosts(double IdleWatts, IReadOnlyList<double> BusySeconds, IReadOnlyList<double> Joules)
{
    /// <summary>Works out the costs.</summary>
    internal static DivisionCosts Of(
        IServerView server, IClusterView cluster, ServingProfiles profiles, int degree, double busyShare)
    {
        SimulatedSystem divided = server.System with { Knobs = server.System.Knobs with { TensorParallelism = degree } };
        int instances = server.GpuCount / divided.Gpus;
        double idleWatts = cluster.Model(divided).LoadedIdleWatts.Middle;
        double[] busy = [.. RequestClass.All.Select(_ => double.PositiveInfinity)];
        double[] joules = [.. busy];
        foreach ((int number, RequestClass requestClass) in RequestClass.All.Index())
        {
            if (profiles.Traffic.ClassShare(requestClass) > 0
                && profiles.Of(requestClass, degree) is { CapacityRequestsPerSecond: > 0 and double capacity } profile)
            {
                busy[number] = 1 / (instances * capacity * busyShare);
                joules[number] = (profile.Watts(capacity) - idleWatts) / capacity;
            }
        }

        double unusedWatts = (server.GpuCount - (instances * divided.Gpus)) * server.System.Gpu.Power.IdleWatts;
        return new DivisionCosts((instances * idleWatts) + unusedWatts + server.HostWatts, busy, joules);
    }

    /// <summary>These costs as an option of a plan.</summary>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="costPerJoule">Cost of a joule there.</param>
    internal ServingOption OptionOf(int pool, double costPerJoule) =>
        new(pool, IdleWatts * costPerJoule, BusySeconds, [.. Joules.Select(joules => joules * costPerJoule)]);
}
