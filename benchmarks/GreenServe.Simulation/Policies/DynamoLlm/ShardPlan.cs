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
    /// it, the one that carries most.
    /// </summary>
    /// <param name="gpus">Number of accelerators.</param>
    /// <param name="choices">Profiles of the pool's requests at each degree of tensor parallelism, lowest degree first.</param>
    /// <param name="requestsPerSecond">The expected rate, in requests per second.</param>
    internal static ShardPlan Best(int gpus, IReadOnlyList<ServingProfile> choices, double requestsPerSecond)
    {
        ShardPlan? best = null;
        int[] counts = new int[choices.Count];
        Visit(choices.Count - 1, gpus);
        return best!;

        void Visit(int choice, int left)
        {
            int size = choices[choice].System.TensorParallelism;
            if (choice == 0)
            {
                counts[0] = left / size;
                if (counts[0] * size == left)
                {
                    Consider();
                }

                return;
            }

            for (counts[choice] = left / size; counts[choice] >= 0; counts[choice]--)
            {
                Visit(choice - 1, left - (counts[choice] * size));
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
    /// <param name="degrees">The degrees of tensor parallelism, lowest first.</param>
    /// <param name="serverGpus">Number of accelerators of each server.</param>
    internal IReadOnlyList<IReadOnlyList<int>> PerServer(IReadOnlyList<int> degrees, int serverGpus)
    {
        List<IReadOnlyList<int>> servers = [];
        List<int> server = [];
        for (int choice = degrees.Count - 1; choice >= 0; choice--)
        {
            for (int instance = 0; instance < Counts[choice]; instance++)
            {
                server.Add(degrees[choice]);
                if (server.Sum() == serverGpus)
                {
                    servers.Add(server);
                    server = [];
                }
            }
        }

        return servers;
    }
}
