using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// POLCA: rows with more servers than their power budget feeds at full power. The clocks of low-priority servers are lowered first, those
/// of high-priority servers next, and a brake holds the row below its budget.
/// </summary>
/// <remarks>
/// Each row has a share of servers for requests of low priority. Requests without a priority go where the router of the cluster sends them.
/// The policy promises that no row stays above its budget for longer than a sample, the delay of the brake and a second, if the row fits
/// into its budget at the clock of the brake.
/// </remarks>
public sealed record Polca : PolicyDefinition
{
    /// <summary>Share of a row's budget above which low-priority servers are slowed, a ratio in (0, 2].</summary>
    /// <value>Default 0.80.</value>
    [Range(0, 2, MinimumIsExclusive = true)]
    public double FirstThresholdRatio { get; init; } = 0.80;

    /// <summary>Share of a row's budget below which low-priority servers get their clock back, a ratio in (0, 2].</summary>
    /// <value>Default 0.75.</value>
    [Range(0, 2, MinimumIsExclusive = true)]
    public double FirstReleaseRatio { get; init; } = 0.75;

    /// <summary>
    /// Share of a row's budget above which low-priority servers are slowed further, and then high-priority servers, a ratio in (0, 2].
    /// </summary>
    /// <value>Default 0.89: less than the budget by the largest rise of power within the delay of a command.</value>
    [Range(0, 2, MinimumIsExclusive = true)]
    public double SecondThresholdRatio { get; init; } = 0.89;

    /// <summary>Share of a row's budget below which the second threshold no longer counts, a ratio in (0, 2].</summary>
    /// <value>Default 0.84.</value>
    [Range(0, 2, MinimumIsExclusive = true)]
    public double SecondReleaseRatio { get; init; } = 0.84;

    /// <summary>Clock of low-priority servers above the first threshold, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 1275, the base clock of an A100.</value>
    [Range(1, 10_000)]
    public double FirstLowClockMegahertz { get; init; } = 1275;

    /// <summary>Clock of low-priority servers above the second threshold, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 1110.</value>
    [Range(1, 10_000)]
    public double SecondLowClockMegahertz { get; init; } = 1110;

    /// <summary>Clock of high-priority servers above the second threshold, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 1305.</value>
    [Range(1, 10_000)]
    public double HighClockMegahertz { get; init; } = 1305;

    /// <summary>Clock of every server of a row above its budget, in megahertz, from 1 to 10000.</summary>
    /// <value>Default 288.</value>
    [Range(1, 10_000)]
    public double BrakeClockMegahertz { get; init; } = 288;

    /// <summary>Time between two readings of a row's power, in seconds, from 1 to 60.</summary>
    /// <value>Default 2 (inferred).</value>
    [Range(1, 60)]
    public double SampleSeconds { get; init; } = 2;

    /// <summary>Time that a command to a clock takes to arrive, in seconds, from 0 to 600.</summary>
    /// <value>Default 40.</value>
    [Range(0, 600)]
    public double CommandSeconds { get; init; } = 40;

    /// <summary>Time that the brake takes to act, in seconds, from 0 to 600.</summary>
    /// <value>Default 5.</value>
    [Range(0, 600)]
    public double BrakeSeconds { get; init; } = 5;

    /// <summary>Name of the low priority of a workload. Requests of all other priorities share the other servers.</summary>
    /// <value>Default <c>low</c>.</value>
    public string LowPriority { get; init; } = "low";

    /// <summary>Share of a row's servers that serve requests of low priority, from 0 to 1.</summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1)]
    public double LowPriorityServerShare { get; init; } = 0.5;

    /// <inheritdoc />
    public override bool UsesPriorities() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        foreach (Problem problem in PolicyNeeds.Rows(setting.Cluster)
            .Concat(PrioritySplit.Check("$.low_priority", LowPriority, setting.Schedule.Priorities)))
        {
            yield return problem;
        }

        (string Name, double Release, double Threshold)[] pairs =
        [
            ("first", FirstReleaseRatio, FirstThresholdRatio), ("second", SecondReleaseRatio, SecondThresholdRatio),
        ];
        foreach ((string name, double release, double threshold) in pairs.Where(pair => pair.Release > pair.Threshold))
        {
            yield return new Problem($"$.{name}_release_ratio", release, $"at most {name}_threshold_ratio, {threshold}");
        }

        (string Place, double Clock)[] clocks =
        [
            ("$.first_low_clock_megahertz", FirstLowClockMegahertz), ("$.second_low_clock_megahertz", SecondLowClockMegahertz),
            ("$.high_clock_megahertz", HighClockMegahertz), ("$.brake_clock_megahertz", BrakeClockMegahertz),
        ];
        foreach (Problem problem in PolicyNeeds.Clocks(setting.Cluster, clocks))
        {
            yield return problem;
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        SimulatedSystem.ThrowIfAny(CheckFor(setting));
        return new Controller(this);
    }

    private sealed class Controller(Polca setting) : IClusterPolicy
    {
        private readonly Dictionary<string, Row> rows = [];
        private readonly PrioritySplit low = new(setting.LowPriority, setting.LowPriorityServerShare);

        public IReadOnlyList<double> PeriodsSeconds => [setting.SampleSeconds];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            low.Divide(cluster);
            foreach (IRowView row in cluster.Rows)
            {
                rows[row.Name] = new Row();
            }
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            foreach (IRowView view in cluster.Rows)
            {
                Row row = rows[view.Name];
                double power = view.Watts(1) / view.BudgetWatts;
                Level next = NextLevel(row, power, cluster.NowSeconds);
                if (next != row.Level)
                {
                    row.Level = next;
                    row.EffectiveSeconds = cluster.NowSeconds + (next == Level.Brake ? setting.BrakeSeconds : setting.CommandSeconds);
                    Command(view, next, FormattableString.Invariant($"row {view.Name} at {power:0.0 %} of its budget"), actions);
                }
            }
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) => low.Route(request);

        private Level NextLevel(Row row, double power, double seconds)
        {
            if (power > 1)
            {
                return Level.Brake;
            }

            // While a command is on its way, the power shows no effect of it yet: it can only be a reason for a stronger one.
            if (seconds <= row.EffectiveSeconds)
            {
                return power > setting.SecondThresholdRatio && row.Level < Level.SlowerLow ? Level.SlowerLow
                    : power > setting.FirstThresholdRatio && row.Level < Level.SlowLow ? Level.SlowLow
                    : row.Level;
            }

            return row.Level switch
            {
                Level.Brake => power < setting.SecondThresholdRatio ? Level.SlowAll : Level.Brake,
                Level.SlowAll when power >= setting.SecondReleaseRatio => Level.SlowAll,
                Level.SlowerLow when power >= setting.SecondReleaseRatio =>
                    power > setting.SecondThresholdRatio ? Level.SlowAll : Level.SlowerLow,
                _ when power > setting.SecondThresholdRatio => Level.SlowerLow,
                > Level.Full when power >= setting.FirstReleaseRatio => Level.SlowLow,
                _ => power > setting.FirstThresholdRatio ? Level.SlowLow : Level.Full,
            };
        }

        private void Command(IRowView row, Level level, string reason, IClusterActions actions)
        {
            (double? lowClock, double? highClock) = level switch
            {
                Level.Brake => (setting.BrakeClockMegahertz, setting.BrakeClockMegahertz),
                Level.SlowAll => (setting.SecondLowClockMegahertz, setting.HighClockMegahertz),
                Level.SlowerLow => (setting.SecondLowClockMegahertz, null),
                Level.SlowLow => (setting.FirstLowClockMegahertz, null),
                _ => ((double?)null, (double?)null),
            };
            double delay = level == Level.Brake ? setting.BrakeSeconds : setting.CommandSeconds;
            foreach (IServerView server in row.Servers)
            {
                foreach (IInstanceView instance in server.Instances)
                {
                    double? clock = instance.AtMostStatedMegahertz(low.Contains(server) ? lowClock : highClock);
                    actions.SetClock(instance.Number, clock, reason, delay);
                }
            }
        }

        private sealed class Row
        {
            internal Level Level { get; set; }

            /// <summary>When the last command arrives, in seconds from the start of the run.</summary>
            internal double EffectiveSeconds { get; set; }
        }
    }

    /// <summary>How far a row is slowed.</summary>
    private enum Level
    {
        Full,
        SlowLow,
        SlowerLow,
        SlowAll,
        Brake,
    }
}
