using Google.OrTools.Graph;

namespace GreenServe.Simulation.Policies.Solvers;

/// <summary>
/// Gives each item to one of a few takers so that the sum of the costs is as small as it can be, and each taker gets at least its floor of
/// items. It is a transportation problem, which a minimum-cost flow solves exactly.
/// </summary>
internal static class MinimumCostAssignment
{
    /// <summary>
    /// Costs are whole numbers for the solver. The largest is this number, so that each is off by at most half a billionth of the largest.
    /// </summary>
    private const double LargestWholeCost = 1e9;

    /// <summary>Solves the problem.</summary>
    /// <param name="costs">Cost of each item (first index) at each taker (second index). All are finite.</param>
    /// <param name="floors">Least number of items of each taker. Together they are at most the number of items.</param>
    /// <returns>The taker of each item.</returns>
    /// <exception cref="ArgumentException">The floors ask for more items than there are.</exception>
    /// <exception cref="Records.UnavailableException">The solver cannot be loaded on this platform.</exception>
    internal static int[] Solve(double[,] costs, IReadOnlyList<int> floors)
    {
        int items = costs.GetLength(0);
        if (floors.Sum(floor => (long)floor) > items)
        {
            throw new ArgumentException($"Floors of {string.Join(" + ", floors)} items for {items} items.", nameof(floors));
        }

        return items == 0 ? [] : SolverLibrary.Use(() => TakersIn(Flow(costs, floors), items, costs.GetLength(1)));
    }

    /// <summary>
    /// One unit flows from each item to its taker. A taker keeps its floor and passes the rest on to a common sink, for nothing.
    /// </summary>
    private static MinCostFlow Flow(double[,] costs, IReadOnlyList<int> floors)
    {
        (int items, int takers) = (costs.GetLength(0), costs.GetLength(1));
        int sink = items + takers;
        double scale = LargestWholeCost / Math.Max(double.Epsilon, costs.Cast<double>().Max(Math.Abs));
        MinCostFlow flow = new();
        for (int item = 0; item < items; item++)
        {
            flow.SetNodeSupply(item, 1);
            for (int taker = 0; taker < takers; taker++)
            {
                double cost = costs[item, taker] == 0 ? 0 : costs[item, taker] * scale;
                flow.AddArcWithCapacityAndUnitCost(item, items + taker, 1, (long)Math.Round(cost));
            }
        }

        int kept = floors.Sum();
        for (int taker = 0; taker < takers; taker++)
        {
            flow.SetNodeSupply(items + taker, -floors[taker]);
            flow.AddArcWithCapacityAndUnitCost(items + taker, sink, items - kept, 0);
        }

        flow.SetNodeSupply(sink, kept - items);
        MinCostFlowBase.Status status = flow.Solve();
        return status == MinCostFlowBase.Status.OPTIMAL
            ? flow
            : throw new InvalidOperationException($"A feasible flow was not solved: {status}.");
    }

    private static int[] TakersIn(MinCostFlow flow, int items, int takers)
    {
        int[] chosen = new int[items];
        for (int arc = 0; arc < items * takers; arc++)
        {
            if (flow.Flow(arc) == 1)
            {
                chosen[arc / takers] = arc % takers;
            }
        }

        return chosen;
    }
}
