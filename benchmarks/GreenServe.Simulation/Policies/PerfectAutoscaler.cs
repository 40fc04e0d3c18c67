using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The autoscaler that no real one can beat: it reads the schedule and keeps as many servers ready as the load of each moment needs. A
/// server is started early enough to be ready in time.
/// </summary>
public sealed record PerfectAutoscaler : PolicyDefinition
{
    /// <summary>Time between decisions, over which the load is averaged, in seconds, from 1 to 86400.</summary>
    /// <value>Default 60.</value>
    [Range(1, 86_400)]
    public double PeriodSeconds { get; init; } = 60;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        setting.CheckProfiles().Concat(PolicyNeeds.OpenLoop(setting.Schedule));

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        double capacity = setting.ProfileOfServer(setting.Profiles()).CapacityRequestsPerSecond;
        return new Controller(PeriodSeconds, ServersNeeded(setting.Schedule, capacity));
    }

    /// <summary>Number of servers that the load of each period needs. A server that carries nothing is needed for any load.</summary>
    private int[] ServersNeeded(RequestSchedule schedule, double capacity) =>
        [.. RatesOf(schedule, PeriodSeconds).Select(rate => (int)Math.Min(int.MaxValue, Math.Ceiling(rate / capacity)))];

    /// <summary>The rate of arrivals in each period of a schedule, in requests per second.</summary>
    internal static double[] RatesOf(RequestSchedule schedule, double periodSeconds)
    {
        double[] rates = new double[(int)(schedule.Requests[^1].ScheduledSeconds / periodSeconds) + 1];
        foreach (ScheduledRequest request in schedule.Requests)
        {
            rates[(int)(request.ScheduledSeconds / periodSeconds)] += 1 / periodSeconds;
        }

        return rates;
    }

    private sealed class Controller(double periodSeconds, int[] needed) : IClusterPolicy
    {
        public IReadOnlyList<double> PeriodsSeconds => [periodSeconds];

        public bool KnowsFuture => true;

        public void Begin(IClusterView cluster, IClusterActions actions) => Scale(cluster, actions);

        public void Tick(int loop, IClusterView cluster, IClusterActions actions) => Scale(cluster, actions);

        private void Scale(IClusterView cluster, IClusterActions actions)
        {
            int first = (int)Math.Round(cluster.NowSeconds / periodSeconds);
            int last = (int)((cluster.NowSeconds + cluster.Costs.StartSeconds) / periodSeconds) + 1;
            int wanted = 1;
            for (int period = first; period <= last && period < needed.Length; period++)
            {
                wanted = Math.Max(wanted, needed[period]);
            }

            actions.SetOn(cluster, server => server < wanted, "the load to come needs it", "the load to come does not need it");
        }
    }
}
