using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.Groups;

/// <summary>Chooses which servers of a cluster are on.</summary>
internal static class ServersOn
{
    /// <summary>Starts the chosen servers and switches all others off, in the order of their numbers.</summary>
    /// <param name="actions">Receives the decisions.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="isOn">Whether a server, by its number, is to be on.</param>
    /// <param name="onReason">Why a server is on, in a few words.</param>
    /// <param name="offReason">Why a server is off, in a few words.</param>
    internal static void SetOn(
        this IClusterActions actions, IClusterView cluster, Func<int, bool> isOn, string onReason, string offReason)
    {
        for (int server = 0; server < cluster.Servers.Count; server++)
        {
            if (isOn(server))
            {
                actions.Start(server, onReason);
            }
            else
            {
                actions.PowerOff(server, offReason);
            }
        }
    }
}
