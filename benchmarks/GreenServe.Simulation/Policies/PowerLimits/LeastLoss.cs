namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>
/// Lowers clocks until the power of all instances fits: again and again that of the instance that loses least for each watt.
/// </summary>
/// <remarks>
/// With losses that grow ever faster as the clock falls, this greedy choice is the optimum up to one step of a clock. It stands for a
/// convex solver.
/// </remarks>
internal static class LeastLoss
{
    /// <summary>Chooses a clock for each instance.</summary>
    /// <param name="ladders">The clocks of each instance, from the highest one down.</param>
    /// <param name="limitWatts">Power that they may draw together, in watts.</param>
    /// <param name="lossOf">Loss of an instance (index) at a clock (index of the rung), in any unit.</param>
    /// <param name="chosen">The chosen rung of each instance. It begins with the highest rung that each may have.</param>
    /// <returns>Power of all instances at the chosen clocks, in watts.</returns>
    internal static double LowerUntilWatts(
        IReadOnlyList<IReadOnlyList<Rung>> ladders, double limitWatts, Func<int, int, double> lossOf, int[] chosen)
    {
        double watts = 0;
        for (int index = 0; index < ladders.Count; index++)
        {
            watts += ladders[index][chosen[index]].Watts;
        }

        while (watts > limitWatts && Next(ladders, lossOf, chosen) is { } next)
        {
            IReadOnlyList<Rung> rungs = ladders[next];
            watts -= rungs[chosen[next]].Watts - rungs[chosen[next] + 1].Watts;
            chosen[next]++;
        }

        return watts;
    }

    /// <summary>The instance whose next lower clock costs least for each watt; <c>null</c> if all have their lowest clock.</summary>
    private static int? Next(IReadOnlyList<IReadOnlyList<Rung>> ladders, Func<int, int, double> lossOf, int[] chosen)
    {
        int? best = null;
        double leastLoss = double.PositiveInfinity;
        for (int index = 0; index < ladders.Count; index++)
        {
            IReadOnlyList<Rung> rungs = ladders[index];
            int rung = chosen[index];
            if (rung + 1 == rungs.Count)
            {
                continue;
            }

            double saved = Math.Max(1e-3, rungs[rung].Watts - rungs[rung + 1].Watts);
            double loss = (lossOf(index, rung + 1) - lossOf(index, rung)) / saved;
            if (best is null || loss < leastLoss)
            {
                (best, leastLoss) = (index, loss);
            }
        }

        return best;
    }
}
