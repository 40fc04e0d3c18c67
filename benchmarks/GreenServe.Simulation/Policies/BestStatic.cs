using GreenServe.Records;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The setting for a whole run that needs the least energy of all that carry its busiest minute: a number of servers and one clock. It
/// knows the load of every minute, so that it bounds what any static setting saves.
/// </summary>
/// <remarks>
/// The choice follows from the profile of a server at each clock and from the rate of each minute. The settings are not tried on the whole
/// run, which would take as long as so many runs. A setting that just carries the busiest minute may therefore miss the SLO by the scatter
/// of a profile.
/// </remarks>
public sealed record BestStatic : PolicyDefinition
{
    private const double MinuteSeconds = 60;

    /// <summary>Whether it chooses the number of servers. Otherwise all are on and it chooses the clock alone.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool ChoosesServers { get; init; } = true;

    /// <summary>The clocks below that of the cluster file to choose from beside it, in megahertz, each from 1 to 10000.</summary>
    /// <value>Default 800 to 1800 in steps of 200.</value>
    public IReadOnlyList<double> GpuClocksMegahertz { get; init; } = [800, 1000, 1200, 1400, 1600, 1800];

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        [.. setting.CheckProfiles(), .. PolicyNeeds.OpenLoop(setting.Schedule), .. setting.CheckClocks(GpuClocksMegahertz)];

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        ServingProfiles profiles = setting.Profiles();
        double[] rates = PerfectAutoscaler.RatesOf(setting.Schedule, MinuteSeconds);
        int available = setting.Cluster.Replicas.Count;
        StaticChoice best = new(available, null, double.PositiveInfinity);
        foreach (double? clock in profiles.ClocksUpToOwn(GpuClocksMegahertz))
        {
            ServerProfile profile = setting.ProfileOfServer(profiles, clock);
            double needed = Math.Max(1, Math.Ceiling(rates.Max() / profile.CapacityRequestsPerSecond));
            if (needed <= available)
            {
                int servers = ChoosesServers ? (int)needed : available;
                double watts = rates.Sum(rate => servers * profile.Watts(rate / servers));
                best = watts < best.Watts ? new StaticChoice(servers, clock, watts) : best;
            }
        }

        return new Controller(best);
    }

    /// <summary>A setting.</summary>
    /// <param name="Servers">Number of servers.</param>
    /// <param name="ClockMegahertz">Their clock, in megahertz; <c>null</c> for the highest.</param>
    /// <param name="Watts">
    /// Power of the servers, summed over the minutes of the run, in watts; infinite where nothing carries the load.
    /// </param>
    private sealed record StaticChoice(int Servers, double? ClockMegahertz, double Watts);

    private sealed class Controller(StaticChoice choice) : IClusterPolicy
    {
        public bool KnowsFuture => true;

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            foreach (IServerView server in cluster.Servers.Skip(choice.Servers))
            {
                actions.PowerOff(server.Number, "the busiest minute does not need it");
            }

            foreach (IServerView server in cluster.Servers.Take(choice.Servers))
            {
                actions.Start(server.Number, "the busiest minute needs it");
            }

            foreach (IInstanceView instance in cluster.Servers.Take(choice.Servers).SelectMany(server => server.Instances))
            {
                actions.SetClock(instance.Number, choice.ClockMegahertz, "least energy of all clocks that carry the busiest minute");
            }
        }
    }
}
