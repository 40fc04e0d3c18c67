using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>What the policy knows of each instance.</summary>
/// <param name="profiles">Profiles of the servers.</param>
/// <param name="pools">Which server belongs to which pool.</param>
/// <param name="clocks">The clocks to choose from, in megahertz. Instances begin with the last one.</param>
internal sealed class InstanceNotes(ServingProfiles profiles, ServerPools pools, IReadOnlyList<double?> clocks)
{
    private readonly List<InstanceNote?> notes = [];

    /// <summary>The note of an instance. It begins anew when the server comes to another pool. The clock stays.</summary>
    /// <param name="instance">The instance.</param>
    internal InstanceNote Of(IInstanceView instance)
    {
        while (notes.Count <= instance.Number)
        {
            notes.Add(null);
        }

        int pool = pools[instance.Server.Number];
        InstanceNote? known = notes[instance.Number];
        return known?.Pool == pool ? known : notes[instance.Number] = Begin(instance, pool, known?.Clock ?? clocks.Count - 1);
    }

    private InstanceNote Begin(IInstanceView instance, int pool, int clock)
    {
        int degree = instance.System.TensorParallelism;
        ServingProfile? profile = pool == ServerPools.None ? null : profiles.Of(RequestClass.All[pool], degree);
        return new InstanceNote
        {
            Pool = pool,
            Degree = degree,
            Clock = clock,
            Steps = profiles.Steps(degree, clocks[clock]),
            CapacityRequestsPerSecond = profile?.CapacityRequestsPerSecond ?? 0,
            MeanRequests = profile?.MeanRequests ?? 0,
        };
    }
}
