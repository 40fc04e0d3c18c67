using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Trust;

/// <summary>The settings of a cluster's instances that decide what its numbers may be off by.</summary>
internal static class WorkedSettings
{
    /// <summary>
    /// The settings with which instances worked, each once. Clocks and caps vary too much to be told apart: all settings with an
    /// accelerator have the lowest clock and the lowest cap at which it worked. Where nothing worked, it is the setting of the first
    /// server.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The result of the run.</param>
    internal static IReadOnlyList<SimulatedSystem> Of(ClusterDefinition cluster, ClusterSummary summary)
    {
        IReadOnlyList<SimulatedSystem> worked = summary.Worked.Count > 0 ? summary.Worked : [cluster.Replicas[0].System];
        return
        [
            .. worked.GroupBy(system => system.Gpu.Name, StringComparer.Ordinal).SelectMany(group =>
            {
                double? clock = group.Min(system => system.Knobs.GpuClockMegahertz);
                double? cap = group.Min(system => system.Knobs.PowerCapWatts);
                return group.Select(system => system with
                {
                    Knobs = system.Knobs with { GpuClockMegahertz = clock, PowerCapWatts = cap, MaxBatch = null, StepTokens = null },
                }).Distinct();
            }),
        ];
    }
}
