using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// TAPAS: places servers where rows have most headroom, keeps requests away from servers that are short of power, air or cooling, and
/// configures instances for most goodput within these limits.
/// </summary>
/// <remarks>
/// A configuration is a clock here: tensor parallelism, precision and model stay. Routing does not look at caches of earlier prompts, of
/// which a policy sees nothing. Servers of others are a stated power of each row.
/// </remarks>
public sealed record Tapas : PolicyDefinition
{
    /// <summary>Number of servers that serve, chosen by headroom, from 1 to 10000; <c>null</c> for all. The others are off.</summary>
    [Range(1, 10_000)]
    public int? Servers { get; init; }

    /// <summary>Time between two configurations, in seconds, from 1 to 3600. A row at risk is configured every second.</summary>
    /// <value>Default 60 (inferred).</value>
    [Range(1, 3600)]
    public double PeriodSeconds { get; init; } = 60;

    /// <summary>Share of the budget and of the air that may be used, a ratio in (0, 1].</summary>
    /// <value>Default 0.95 (inferred).</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double LimitRatio { get; init; } = 0.95;

    /// <summary>How far accelerators stay below the throttling temperature, in degrees Celsius, from 0 to 50.</summary>
    /// <value>Default 3 (inferred).</value>
    [Range(0, 50)]
    public double MarginCelsius { get; init; } = 3;

    /// <summary>Number of clocks to choose from, from 2 to 50.</summary>
    /// <value>Default 10 (inferred).</value>
    [Range(2, 50)]
    public int Clocks { get; init; } = 10;

    /// <summary>Lowest clock over that of the cluster file, a ratio from 0.15 to 0.95.</summary>
    /// <value>Default 0.3 (inferred).</value>
    [Range(0.15, 0.95)]
    public double LowestClockRatio { get; init; } = 0.3;

    /// <summary>
    /// Time between tokens within which requests are consolidated where the SLO states none, in seconds, from 0.001 to 60.
    /// </summary>
    /// <value>Default 0.1.</value>
    [Range(0.001, 60)]
    public double TbtSeconds { get; init; } = 0.1;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        PolicyNeeds.Rows(setting.Cluster).Concat(PolicyNeeds.ServersOn(Servers, setting.Cluster, areFirst: false));

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        SimulatedSystem.ThrowIfAny(CheckFor(setting));
        double tbt = setting.Slo?.Limits.Where(limit => limit.Metric is SloMetric.Tbt or SloMetric.Tpot).Min(limit => limit.LimitSeconds)
            ?? TbtSeconds;
        return new Controller(this, new ServerPower(setting.Cluster), setting.Cluster.Facility.Thermal, new Consolidation(tbt));
    }

    private sealed class Controller(Tapas setting, ServerPower power, ThermalEntry? thermal, Consolidation consolidation) : IClusterPolicy
    {
        private readonly HashSet<int> avoided = [];

        public IReadOnlyList<double> PeriodsSeconds => [setting.PeriodSeconds, 1];

        public void Begin(IClusterView cluster, IClusterActions actions) =>
            actions.SetOn(cluster, Place(cluster).Contains, "placed in a row with headroom", "other servers have more headroom");

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            avoided.Clear();
            foreach (IRowView row in cluster.Rows)
            {
                bool isShort = row.Watts(1) > setting.LimitRatio * row.BudgetWatts || row.AirflowRatio > setting.LimitRatio;
                bool isAtRisk = isShort;
                for (int index = 0; index < row.Servers.Count; index++)
                {
                    IServerView server = row.Servers[index];
                    bool isHot = server.GpuCelsius > HottestCelsius;
                    isAtRisk |= isHot;
                    if (isShort || isHot)
                    {
                        avoided.Add(server.Number);
                    }
                }

                if (loop == 0 || isAtRisk)
                {
                    Configure(row, cluster, actions);
                }
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) =>
            (consolidation.Choose(request, cluster, avoided) ?? consolidation.Choose(request, cluster, [])) is { } instance
                ? RouteDecision.To(instance.Number)
                : RouteDecision.ByRouter;

        /// <summary>Temperature that no accelerator should pass, in degrees Celsius; <c>null</c> without a thermal model.</summary>
        private double? HottestCelsius => thermal?.ThrottleCelsius - setting.MarginCelsius;

        /// <summary>Places one server after the other into the row that has the largest share of its budget left.</summary>
        private HashSet<int> Place(IClusterView cluster)
        {
            HashSet<int> placed = [];
            Dictionary<string, double> used = cluster.Rows.ToDictionary(row => row.Name, row => power.MaxOpaqueWatts(row.Name));
            for (int count = setting.Servers ?? cluster.Servers.Count; count > 0; count--)
            {
                IRowView row = cluster.Rows.Where(row => row.Servers.Any(server => !placed.Contains(server.Number)))
                    .MinBy(row => used[row.Name] / row.BudgetWatts)!;
                IServerView server = row.Servers.First(server => !placed.Contains(server.Number));
                placed.Add(server.Number);
                used[row.Name] += power.PeakWatts(server);
            }

            return placed;
        }

        /// <summary>Chooses the clocks of a row: as much goodput as its power, its air and its accelerators' temperatures allow.</summary>
        private void Configure(IRowView row, IClusterView cluster, IClusterActions actions)
        {
            List<ClockLadder> ladders = ClockLadder.OfRow(row, cluster, setting.Clocks, setting.LowestClockRatio);
            int[] chosen = [.. ladders.Select(CoolRung)];
            double allowed = setting.LimitRatio * Math.Min(
                row.BudgetWatts, row.AirflowRatio is > 0 and { } air ? row.Watts(1) / air : double.PositiveInfinity);
            LeastLoss.LowerUntilWatts(
                [.. ladders.Select(ladder => ladder.Rungs)],
                allowed - ServerPower.RestWatts(row),
                (index, rung) => LostTokensPerSecond(ladders[index], rung),
                chosen);
            for (int index = 0; index < ladders.Count; index++)
            {
                IInstanceView instance = ladders[index].Instance;
                actions.SetClock(instance.Number, ladders[index].Rungs[chosen[index]].Megahertz, $"limits of row {row.Name}");
                consolidation.Learn(instance);
            }
        }

        /// <summary>The highest clock at which an instance stays cool enough at its inlet.</summary>
        private int CoolRung(ClockLadder ladder)
        {
            double inlet = ladder.Instance.Server.InletCelsius ?? 0;
            double allowed = HottestCelsius is { } hottest && thermal!.CelsiusPerWatt > 0
                ? (hottest - inlet) / thermal.CelsiusPerWatt * ladder.Instance.System.Gpus
                : double.PositiveInfinity;
            int rung = 0;
            while (rung + 1 < ladder.Rungs.Count && ladder.Rungs[rung].Watts > allowed)
            {
                rung++;
            }

            return rung;
        }

        private static double LostTokensPerSecond(ClockLadder ladder, int rung) =>
            ladder.Instance.Requests * ((1 / ladder.Rungs[0].StepSeconds) - (1 / ladder.Rungs[rung].StepSeconds));
    }
}
