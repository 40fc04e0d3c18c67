using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.Groups;

/// <summary>Finds the instance with the least load. Of equal ones it is the first.</summary>
internal static class LeastLoad
{
    /// <summary>
    /// Finds the instance of some servers that serves a request and has the fewest tokens to do; <c>null</c> if none serves it.
    /// </summary>
    /// <param name="servers">The servers.</param>
    /// <param name="request">The request.</param>
    internal static IInstanceView? LeastLoaded(this IReadOnlyList<IServerView> servers, in RequestView request)
    {
        IInstanceView? best = null;
        for (int server = 0; server < servers.Count; server++)
        {
            IReadOnlyList<IInstanceView> instances = servers[server].Instances;
            for (int index = 0; index < instances.Count; index++)
            {
                IInstanceView instance = instances[index];
                if ((best is null || instance.PredictedTokens < best.PredictedTokens) && instance.Serves(request))
                {
                    best = instance;
                }
            }
        }

        return best;
    }

    /// <summary>Finds the instance of a role that serves now and has the least load; <c>null</c> if none of the role serves.</summary>
    /// <param name="instances">The instances.</param>
    /// <param name="role">The role.</param>
    /// <param name="loadOf">The load of an instance, in any unit.</param>
    internal static IInstanceView? LeastLoaded(
        this IReadOnlyList<IInstanceView> instances, ReplicaRole role, Func<IInstanceView, long> loadOf)
    {
        (IInstanceView? best, long least) = (null, long.MaxValue);
        for (int index = 0; index < instances.Count; index++)
        {
            IInstanceView instance = instances[index];
            if (instance.Role == role && instance.State == InstanceState.Serving && loadOf(instance) is long load && load < least)
            {
                (best, least) = (instance, load);
            }
        }

        return best;
    }
}
