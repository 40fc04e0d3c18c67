using GreenServe.Simulation.Capacity;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>How the accelerators of a pool are divided into instances.</summary>
/// <param name="Counts">Number of instances of each degree of tensor parallelism, in the order of the choices.</param>
/// <param name="Watts">Power of all instances at the expected rate, in watts.</param>
/// <param name="CapacityRequestsPerSecond">What they carry together, in requests per second.</param>
internal sealed record ShardPlan(IReadOnlyList<int> Counts, double Watts, double CapacityRequestsPerSecond)
{
    /// <summary>
    /// ScaleShard: of all ways to divide the accelerators, the one that carries the expected rate with the least power; where none carries
    /// it, the one that carries most. Servers are filled as far as the lowest degree of tensor parallelism allows.
    /// </summary>
    /// <param name="servers">Number of servers, at least 1.</param>
    /// <param name="serverGpus">Accelerators of each server that a pipeline stage may have, at least the lowest degree.</param>
    /// <param name="choices">
    /// Profiles of the pool's requests at each degree of tensor parallelism, lowest degree first. Each degree divides the next.
    /// </param>
    /// <param name="requestsPerSecond">The expected rate, in requests per second.</param>
    internal static ShardPlan Best(int servers, int serverGpus, IReadOnlyList<ServingProfile> choices, double requestsPerSecond)
    {
        ShardPlan? best = null;
        int[] counts = new int[choices.Count];
        Visit(choices.Count - 1, usedGpus: 0);
        return best!;

        void Visit(int choice, int usedGpus)
        {
            // An instance does not span servers. Larger instances take whole places of this size, since degrees divide each other.
            int size = choices[choice].System.TensorParallelism;
            int places = (servers * (serverGpus / size)) - (usedGpus / size);
            if (choice == 0)
            {
                counts[0] = places;
                Consider();
                return;
            }

            for (counts[choice] = places; counts[choice] >= 0; counts[choice]--)
            {
                Visit(choice - 1, usedGpus + (counts[choice] * size));
            }
        }

        void Consider()
        {
            ShardPlan plan = Of(counts, choices, requestsPerSecond);
            bool carries = plan.CapacityRequestsPerSecond >= requestsPerSecond;
            bool bestCarries = best is not null && best.CapacityRequestsPerSecond >= requestsPerSecond;
            if (best is null || (carries && !bestCarries)
                || (carries == bestCarries && (carries
                    ? plan.Watts < best.Watts
                    : plan.CapacityRequestsPerSecond > best.CapacityRequestsPerSecond)))
            {
                best = plan with { Counts = [.. counts] };
            }
        }
    }

    /// <summary>
    /// A division. Its instances are filled one after the other, those of the lowest degree first, as routing by least added energy does:
    /// an instance that works draws little more for one request more, and one without work draws least.
    /// </summary>
    /// <param name="counts">Number of instances of each degree.</param>
    /// <param name="choices">Profiles of the pool's requests at each degree.</param>
    /// <param name="requestsPerSecond">The expected rate, in requests per second.</param>
    internal static ShardPlan Of(IReadOnlyList<int> counts, IReadOnlyList<ServingProfile> choices, double requestsPerSecond)
    {
        double capacity = 0;
        double watts = 0;
        double left = requestsPerSecond;
        for (int choice = 0; choice < choices.Count; choice++)
        {
            ServingProfile profile = choices[choice];
            for (int instance = 0; instance < counts[choice]; instance++)
            {
                double own = Math.Min(left, profile.CapacityRequestsPerSecond);
                left -= own;
                watts += profile.Watts(own);
            }

            capacity += counts[choice] * profile.CapacityRequestsPerSecond;
        }

        return new ShardPlan(counts, watts, capacity);
    }

    /// <summary>
    /// The division of each server of the pool, largest instances first, so that servers differ from their present divisions as little as
    /// the plan allows.
    /// </summary>
    /// <param name="degrees">The degrees of tensor parallelism, lowest first. Each divides the next.</param>
    /// <param name="serverGpus">Accelerators of each server that a pipeline stage may have.</param>
    internal IReadOnlyList<IReadOnlyList<int>> PerServer(IReadOnlyList<int> degrees, int serverGpus)
    {
        List<List<int>> servers = [];
        for (int choice = degrees.Count - 1; choice >= 0; choice--)
        {
            for (int instance = 0; instance < Counts[choice]; instance++)
            {
                List<int>? open = servers.Find(server => server.Sum() + degrees[choice] <= serverGpus);
                if (open is null)
                {
                    servers.Add(open = []);
                }

                open.Add(degrees[choice]);
            }
        }

        return servers;
    }
}
