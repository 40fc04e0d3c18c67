using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// PowerSlider: a power cap that changes over time is met by lower clocks, where a clock costs least for each watt, and by servers that are
/// drained and switched off, where the lowest clocks are not low enough.
/// </summary>
/// <remarks>
/// The cap is the budget of each row, of which the signal of the site's grid leaves a share. Requests of the flexible priority have a
/// contract: all but a share of them may take a multiple of their nominal time. Only that much slowness costs nothing. The greedy choice of
/// clocks stands for the convex solver of the source, and the phases of a thought and an answer are one here.
/// </remarks>
public sealed record PowerSlider : PolicyDefinition
{
    /// <summary>Time between two choices of clocks, in seconds, from 1 to 300. A row above its cap is looked at every second.</summary>
    /// <value>Default 5 (inferred).</value>
    [Range(1, 300)]
    public double PeriodSeconds { get; init; } = 5;

    /// <summary>Share of the cap that is kept free for what the work of the next seconds adds, from 0 to 0.5.</summary>
    /// <value>Default 0.05 (inferred).</value>
    [Range(0, 0.5)]
    public double MarginRatio { get; init; } = 0.05;

    /// <summary>Number of clocks to choose from, from 2 to 50.</summary>
    /// <value>Default 10 (inferred).</value>
    [Range(2, 50)]
    public int Clocks { get; init; } = 10;

    /// <summary>Lowest clock over that of the cluster file, a ratio from 0.15 to 0.95.</summary>
    /// <value>Default 0.3 (inferred).</value>
    [Range(0.15, 0.95)]
    public double LowestClockRatio { get; init; } = 0.3;

    /// <summary>Name of the priority of flexible requests. Requests of all other priorities share the other servers.</summary>
    /// <value>Default <c>low</c>.</value>
    public string FlexiblePriority { get; init; } = "low";

    /// <summary>Share of a row's servers for flexible requests, from 0 to 1.</summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1)]
    public double FlexibleServerShare { get; init; } = 0.5;

    /// <summary>How many times its nominal time between tokens a flexible request may take, from 1 to 100.</summary>
    /// <value>Default 2 (inferred).</value>
    [Range(1, 100)]
    public double FlexibleSlowdownRatio { get; init; } = 2;

    /// <summary>Share of flexible requests that may take longer still, from 0 to 1. Once it is used up they count as critical.</summary>
    /// <value>Default 0.1 (inferred).</value>
    [Range(0, 1)]
    public double FlexibleExcessShare { get; init; } = 0.1;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
    [
        .. PolicyNeeds.Rows(setting.Cluster),
        .. PolicyNeeds.WholeRequests(setting.Cluster),
        .. PolicyNeeds.AllClasses(setting.Cluster),
        .. PrioritySplit.Check("$.flexible_priority", FlexiblePriority, setting.Schedule.Priorities),
    ];

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        SimulatedSystem.ThrowIfAny(CheckFor(setting));
        return new Controller(this, new ServerPower(setting.Cluster));
    }

    private sealed class Controller(PowerSlider setting, ServerPower power) : IClusterPolicy
    {
        private readonly PrioritySplit flexible = new(setting.FlexiblePriority, setting.FlexibleServerShare);
        private readonly FlexContract contract = new(setting.FlexibleSlowdownRatio, setting.FlexibleExcessShare);

        public IReadOnlyList<double> PeriodsSeconds => [setting.PeriodSeconds, 1];

        public void Begin(IClusterView cluster, IClusterActions actions) => flexible.Divide(cluster);

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            foreach (IRowView row in cluster.Rows)
            {
                if (loop == 0 || row.Watts(1) > row.BudgetWatts)
                {
                    SetClocks(row, cluster, actions);
                }
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) =>
            flexible.Route(request);

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            if (happened is { Kind: RequestEventKind.Completed, TpotSeconds: { } tpot }
                && happened.Request.Priority == setting.FlexiblePriority)
            {
                contract.Note(tpot, cluster.Instance(happened.Instance), cluster);
            }
        }

        private void SetClocks(IRowView row, IClusterView cluster, IClusterActions actions)
        {
            List<ClockLadder> ladders = ClockLadder.OfRow(row, cluster, setting.Clocks, setting.LowestClockRatio);
            int[] chosen = new int[ladders.Count];
            double limit = ((1 - setting.MarginRatio) * row.BudgetWatts) - ServerPower.RestWatts(row);
            double watts = LeastLoss.LowerUntilWatts(
                [.. ladders.Select(ladder => ladder.Rungs)], limit, (index, rung) => Loss(ladders[index], rung), chosen);
            string reason = FormattableString.Invariant($"row {row.Name} has {row.BudgetWatts:F0} W");
            for (int index = 0; index < ladders.Count; index++)
            {
                actions.SetClock(ladders[index].Instance.Number, ladders[index].Rungs[chosen[index]].Megahertz, reason);
            }

            if (watts > limit)
            {
                SwitchOff(row, ladders, watts - limit, reason, actions);
            }
            else if (chosen.All(rung => rung == 0))
            {
                SwitchOn(row, limit - watts, cluster, reason, actions);
            }
        }

        /// <summary>
        /// What the SLO loses of the requests of an instance: the slowness of their prompts or tokens, whichever suffers more, beyond what
        /// their contract allows.
        /// </summary>
        private double Loss(ClockLadder ladder, int rung)
        {
            (Rung slow, Rung nominal) = (ladder.Rungs[rung], ladder.Rungs[0]);
            double slowdown = Math.Max(slow.StepSeconds / nominal.StepSeconds, slow.PromptSeconds / nominal.PromptSeconds);
            double allowed = flexible.Contains(ladder.Instance.Server) ? contract.AllowedSlowdownRatio : 1;

            // Slowness within the contract costs a little, so that it is spread and begins where it saves most.
            return ladder.Instance.Requests * (Math.Max(0, slowdown - allowed) + (1e-3 * (slowdown - 1)));
        }

        /// <summary>Drains the servers with the fewest requests, flexible ones first, but the last one of the row.</summary>
        private void SwitchOff(IRowView row, List<ClockLadder> ladders, double excessWatts, string reason, IClusterActions actions)
        {
            IServerView[] serving = [.. row.Servers.Where(server => !server.IsOff && !server.IsChanging)
                .OrderBy(server => flexible.Contains(server) ? 0 : 1)
                .ThenBy(server => server.Instances.Sum(instance => instance.Requests)).ThenBy(server => server.Number)];
            double excess = excessWatts - row.Servers.Where(server => !server.IsOff && server.IsChanging)
                .Sum(server => LowestWatts(server, ladders) + server.HostWatts);
            foreach (IServerView server in serving.SkipLast(1).TakeWhile(_ => excess > 0))
            {
                excess -= LowestWatts(server, ladders) + server.HostWatts;
                actions.PowerOff(server.Number, reason);
            }
        }

        private static double LowestWatts(IServerView server, List<ClockLadder> ladders) => ladders
            .Where(ladder => ladder.Instance.Server.Number == server.Number).Sum(ladder => ladder.Rungs[^1].Watts);

        /// <summary>Starts a server if the cap has room for it now and, as the grid announces, once it serves.</summary>
        private void SwitchOn(IRowView row, double freeWatts, IClusterView cluster, string reason, IClusterActions actions)
        {
            IServerView? off = row.Servers.OrderBy(server => flexible.Contains(server) ? 1 : 0).FirstOrDefault(server => server.IsOff);
            double needed = off is null ? 0 : power.PeakWatts(off);
            ISiteView? site = cluster.Sites.FirstOrDefault(site => site.Name == off?.Site);
            double now = site?.Grid.At(cluster.NowSeconds).CapShare ?? 1;
            double then = site?.Grid.At(cluster.NowSeconds + cluster.Costs.StartSeconds).CapShare ?? 1;
            double freeThen = freeWatts - Math.Max(0, row.BudgetWatts * (1 - (then / now)));
            if (off is not null && Math.Min(freeWatts, freeThen) > needed && !row.Servers.Any(server => server.IsChanging))
            {
                actions.Start(off.Number, reason);
            }
        }
    }
}
