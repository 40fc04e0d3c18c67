using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A site as policies observe it.</summary>
/// <param name="Name">Name of the site.</param>
/// <param name="Servers">The servers of the site.</param>
/// <param name="Grid">The grid's signal over time.</param>
internal sealed record MonitoredSite(string Name, IReadOnlyList<IServerView> Servers, GridSignal Grid) : ISiteView
{
    /// <summary>Carbon and cost of its energy.</summary>
    internal GridAccount Account { get; } = new(Name, Grid);
}
