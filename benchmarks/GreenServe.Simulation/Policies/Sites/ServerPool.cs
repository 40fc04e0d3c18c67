using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Policies.Solvers;

namespace GreenServe.Simulation.Policies.Sites;

/// <summary>Limits that a server must keep for a plan to give it requests.</summary>
/// <param name="TtftSeconds">Time to the first token, in seconds.</param>
/// <param name="TpotSeconds">Mean time between tokens, in seconds.</param>
/// <param name="BusyShare">Share of the time that a server is planned to work, in (0, 1].</param>
internal readonly record struct PlanLimits(double TtftSeconds, double TpotSeconds, double BusyShare);

/// <summary>The servers of one kind at one site, and what they cost in each division into instances.</summary>
/// <param name="Site">The site; <c>null</c> in a cluster that names none.</param>
/// <param name="Servers">The servers, at least one.</param>
/// <param name="TensorParallelism">The divisions that the servers can have: instances of that tensor parallelism.</param>
/// <param name="Served">For each division, what each kind of request costs.</param>
internal sealed record ServerPool(
    ISiteView? Site, IReadOnlyList<IServerView> Servers, IReadOnlyList<int> TensorParallelism, IReadOnlyList<DivisionCosts> Served)
{
    private const double JoulesPerKilowattHour = 3.6e6;

    /// <summary>The pools of a cluster.</summary>
    /// <param name="cluster">The cluster at the beginning of a run.</param>
    /// <param name="degrees">Tensor parallelism to choose from.</param>
    /// <param name="kinds">Lengths of each kind of request.</param>
    /// <param name="limits">Limits that the servers keep.</param>
    internal static IReadOnlyList<ServerPool> Of(
        IClusterView cluster, IReadOnlyList<int> degrees, IReadOnlyList<RequestLengths> kinds, PlanLimits limits) =>
    [
        .. cluster.Servers.GroupBy(server => (server.Site, server.System)).Select(group =>
        {
            IServerView server = group.First();
            int[] possible = [.. degrees.Where(degree => degree <= server.GpuCount && !With(server.System, degree).Check().Any())];
            int[] divisions = possible.Length > 0 ? possible : [server.System.TensorParallelism];
            return new ServerPool(
                cluster.Sites.FirstOrDefault(site => site.Name == group.Key.Site),
                [.. group],
                divisions,
                [.. divisions.Select(degree => DivisionCosts.Of(server, With(server.System, degree), cluster, kinds, limits))]);
        }),
    ];

    /// <summary>Cost of a joule now: grams of carbon, or the joule itself.</summary>
    /// <param name="seconds">The present time, in seconds from the start of the run.</param>
    /// <param name="countsCarbon">Whether carbon is counted.</param>
    internal double CostPerJoule(double seconds, bool countsCarbon) =>
        countsCarbon ? Site!.Grid.At(seconds).GramsPerKilowattHour!.Value / JoulesPerKilowattHour : 1;

    private static SimulatedSystem With(SimulatedSystem system, int degree) =>
        system with { Knobs = system.Knobs with { TensorParallelism = degree } };
}

/// <summary>What a server in one division into instances costs.</summary>
/// <param name="IdleWatts">Power of the server while it has no work, in watts, with its host.</param>
/// <param name="BusySeconds">Time of the server for each kind of request, in seconds; infinite where it misses the limits.</param>
/// <param name="Joules">Energy of each kind of request above the power of the idle server, in joules.</param>
internal sealed record DivisionCosts(double IdleWatts, IReadOnlyList<double> BusySeconds, IReadOnlyList<double> Joules)
{
    /// <summary>Works out the costs.</summary>
    internal static DivisionCosts Of(
        IServerView server, SimulatedSystem system, IClusterView cluster, IReadOnlyList<RequestLengths> kinds, PlanLimits limits)
    {
        SteadyServing serving = new(system, cluster.Model(system));
        int instances = server.GpuCount / system.Gpus;
        double[] busy = new double[kinds.Count];
        double[] joules = new double[kinds.Count];
        for (int kind = 0; kind < kinds.Count; kind++)
        {
            int sequences = serving.MaxSequences(kinds[kind], limits.TpotSeconds);
            if (sequences == 0 || serving.PromptSeconds(kinds[kind].InputTokens) > limits.TtftSeconds
                || serving.TpotSeconds(kinds[kind], sequences) > limits.TpotSeconds)
            {
                busy[kind] = double.PositiveInfinity;
                joules[kind] = double.PositiveInfinity;
                continue;
            }

            double seconds = serving.BusySeconds(kinds[kind], sequences);
            busy[kind] = seconds / (instances * limits.BusyShare);
            joules[kind] = serving.RequestJoules(kinds[kind], sequences) - (serving.LoadedIdleWatts * seconds);
        }

        double unusedWatts = (server.GpuCount - (instances * system.Gpus)) * system.Gpu.Power.IdleWatts;
        return new DivisionCosts((instances * serving.LoadedIdleWatts) + unusedWatts + server.HostWatts, busy, joules);
    }

    /// <summary>These costs as an option of a plan.</summary>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="costPerJoule">Cost of a joule there.</param>
    internal ServingOption OptionOf(int pool, double costPerJoule) =>
        new(pool, IdleWatts * costPerJoule, BusySeconds, [.. Joules.Select(joules => joules * costPerJoule)]);
}
