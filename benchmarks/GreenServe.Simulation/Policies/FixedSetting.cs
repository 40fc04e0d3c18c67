using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// A setting for the whole run: some servers on and one clock. With its defaults, all servers run at the clock of the cluster file, as a
/// cluster without a policy does.
/// </summary>
public sealed record FixedSetting : PolicyDefinition
{
    /// <summary>Clock of every instance, in megahertz, from 1 to 10000; <c>null</c> for that of the cluster file.</summary>
    [Range(1, 10_000)]
    public double? GpuClockMegahertz { get; init; }

    /// <summary>Number of servers that are on, from 1 to 10000; <c>null</c> for all. The others are off from the beginning.</summary>
    [Range(1, 10_000)]
    public int? Servers { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
    [
        .. PolicyNeeds.ServersOn(Servers, setting.Cluster, areFirst: true),
        .. GpuClockMegahertz is { } clock ? PolicyNeeds.Clocks(setting.Cluster, [("$.gpu_clock_megahertz", clock)]) : [],
    ];

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this);

    private sealed class Controller(FixedSetting setting) : IClusterPolicy
    {
        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            foreach (IServerView server in cluster.Servers.Skip(setting.Servers ?? cluster.Servers.Count))
            {
                actions.PowerOff(server.Number, "not needed");
            }

            foreach (IServerView server in cluster.Servers.Take(setting.Servers ?? cluster.Servers.Count))
            {
                actions.Start(server.Number, "on for the run");
            }

            foreach (IInstanceView instance in cluster.Instances.Where(_ => setting.GpuClockMegahertz is not null))
            {
                actions.SetClock(instance.Number, setting.GpuClockMegahertz, "one clock for the run");
            }
        }
    }
}
