using Google.OrTools.LinearSolver;

namespace GreenServe.Simulation.Policies.Solvers;

/// <summary>A way to serve requests: servers of a pool in one setting.</summary>
/// <param name="Pool">Number of the pool, from 0, whose servers it uses.</param>
/// <param name="CostPerServer">Cost of a second of a server that is on and idle.</param>
/// <param name="BusySecondsPerRequest">
/// Time for which a server works for a request of each kind, in seconds; infinite for a kind that it cannot serve within the limits.
/// </param>
/// <param name="CostPerRequest">Cost of a request of each kind above that of an idle server.</param>
internal sealed record ServingOption(
    int Pool, double CostPerServer, IReadOnlyList<double> BusySecondsPerRequest, IReadOnlyList<double> CostPerRequest);

/// <summary>Which servers are on in which setting, and which share of the requests each setting serves.</summary>
/// <param name="Servers">Number of servers in each option.</param>
/// <param name="RequestsPerSecond">Requests of each kind (second index) that each option (first index) serves, per second.</param>
/// <param name="UnservedPerSecond">Requests of each kind that no option has room for, per second.</param>
internal sealed record TrafficPlan(int[] Servers, double[,] RequestsPerSecond, double[] UnservedPerSecond)
{
    /// <summary>
    /// Cost of a request that is not served, over the largest cost of one that is: requests are only left when nothing has room.
    /// </summary>
    private const double UnservedCostFactor = 1e4;

    /// <summary>Finds the plan of least cost by mixed-integer linear programming.</summary>
    /// <param name="options">The ways to serve requests.</param>
    /// <param name="poolServers">Number of servers of each pool.</param>
    /// <param name="demandPerSecond">Requests of each kind that arrive, per second.</param>
    /// <exception cref="Records.UnavailableException">The solver cannot be loaded on this platform.</exception>
    internal static TrafficPlan Solve(
        IReadOnlyList<ServingOption> options, IReadOnlyList<int> poolServers, IReadOnlyList<double> demandPerSecond) =>
        SolverLibrary.Use(() => Find(options, poolServers, demandPerSecond));

    private static TrafficPlan Find(
        IReadOnlyList<ServingOption> options, IReadOnlyList<int> poolServers, IReadOnlyList<double> demandPerSecond)
    {
        using Solver solver = Solver.CreateSolver("SCIP");
        Variable[] servers = [.. options.Select((option, index) => solver.MakeIntVar(0, poolServers[option.Pool], $"servers {index}"))];
        Variable[][] served = [.. options.Select((option, index) => (Variable[])[.. demandPerSecond.Select((demand, kind) =>
            solver.MakeNumVar(0, double.IsFinite(option.BusySecondsPerRequest[kind]) ? demand : 0, $"requests {index} {kind}"))])];
        Variable[] unserved = [.. demandPerSecond.Select((demand, kind) => solver.MakeNumVar(0, demand, $"unserved {kind}"))];

        for (int pool = 0; pool < poolServers.Count; pool++)
        {
            Constraint there = solver.MakeConstraint(0, poolServers[pool]);
            foreach ((int index, ServingOption option) in options.Index().Where(item => item.Item.Pool == pool))
            {
                there.SetCoefficient(servers[index], 1);
            }
        }

        for (int index = 0; index < options.Count; index++)
        {
            // The servers of an option work for at most all of the time.
            Constraint busy = solver.MakeConstraint(double.NegativeInfinity, 0);
            busy.SetCoefficient(servers[index], -1);
            for (int kind = 0; kind < demandPerSecond.Count; kind++)
            {
                double seconds = options[index].BusySecondsPerRequest[kind];
                busy.SetCoefficient(served[index][kind], double.IsFinite(seconds) ? seconds : 0);
            }
        }

        for (int kind = 0; kind < demandPerSecond.Count; kind++)
        {
            Constraint all = solver.MakeConstraint(demandPerSecond[kind], demandPerSecond[kind]);
            all.SetCoefficient(unserved[kind], 1);
            foreach (Variable[] option in served)
            {
                all.SetCoefficient(option[kind], 1);
            }
        }

        SetCosts(solver.Objective(), options, servers, served, unserved);
        Solver.ResultStatus status = solver.Solve();
        if (status != Solver.ResultStatus.OPTIMAL)
        {
            throw new InvalidOperationException($"A feasible plan was not found: {status}.");
        }

        double[,] rates = new double[options.Count, demandPerSecond.Count];
        for (int index = 0; index < options.Count; index++)
        {
            for (int kind = 0; kind < demandPerSecond.Count; kind++)
            {
                rates[index, kind] = served[index][kind].SolutionValue();
            }
        }

        return new TrafficPlan(
            [.. servers.Select(variable => (int)Math.Round(variable.SolutionValue()))],
            rates,
            [.. unserved.Select(variable => variable.SolutionValue())]);
    }

    private static void SetCosts(
        Objective objective, IReadOnlyList<ServingOption> options, Variable[] servers, Variable[][] served, Variable[] unserved)
    {
        double largest = double.Epsilon;
        foreach ((int index, ServingOption option) in options.Index())
        {
            objective.SetCoefficient(servers[index], option.CostPerServer);
            foreach ((int kind, double cost) in option.CostPerRequest.Index().Where(item => double.IsFinite(item.Item)))
            {
                objective.SetCoefficient(served[index][kind], cost);
                double idle = option.CostPerServer * option.BusySecondsPerRequest[kind];
                largest = Math.Max(largest, cost + (double.IsFinite(idle) ? idle : 0));
            }
        }

        foreach (Variable left in unserved)
        {
            objective.SetCoefficient(left, UnservedCostFactor * largest);
        }

        objective.SetMinimization();
    }
}
