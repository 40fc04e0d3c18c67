using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The baseline of TAPAS: servers are chosen at random, requests go where the router of the cluster sends them, and every server of a row
/// that is short of power or air gets the same lower clock.
/// </summary>
public sealed record UniformCap : PolicyDefinition
{
    /// <summary>Number of servers that serve, chosen at random, from 1 to 10000; <c>null</c> for all. The others are off.</summary>
    [Range(1, 10_000)]
    public int? Servers { get; init; }

    /// <summary>Clock of every server of a row that is short, over that of the cluster file, a ratio in [0.1, 1].</summary>
    /// <value>Default 0.65, a cap of 35 %.</value>
    [Range(0.1, 1)]
    public double ClockRatio { get; init; } = 0.65;

    /// <summary>Share of the budget and of the air from which a row is short, a ratio in (0, 1].</summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double LimitRatio { get; init; } = 1;

    /// <summary>Share of the budget and of the air below which a row is no longer short, a ratio in (0, 1].</summary>
    /// <value>Default 0.85 (inferred).</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ReleaseRatio { get; init; } = 0.85;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting)
    {
        foreach (Problem problem in PolicyNeeds.Rows(setting.Cluster)
            .Concat(PolicyNeeds.ServersOn(Servers, setting.Cluster, areFirst: false)))
        {
            yield return problem;
        }

        if (ReleaseRatio > LimitRatio)
        {
            yield return new Problem("$.release_ratio", ReleaseRatio, $"at most limit_ratio, {LimitRatio}");
        }
    }

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting)
    {
        SimulatedSystem.ThrowIfAny(CheckFor(setting));
        return new Controller(this, setting.Seed);
    }

    private sealed class Controller(UniformCap setting, ulong seed) : IClusterPolicy
    {
        private readonly HashSet<string> shortRows = [];

        public IReadOnlyList<double> PeriodsSeconds => [1];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            IServerView[] mixed = [.. cluster.Servers.OrderBy(server => PlacementOrder.Of(seed, server.Number))];
            HashSet<int> chosen = [.. mixed.Take(setting.Servers ?? mixed.Length).Select(server => server.Number)];
            actions.SetOn(cluster, chosen.Contains, "chosen", "not chosen");
        }

        public void Tick(int loop, IClusterView cluster, IClusterActions actions)
        {
            foreach (IRowView row in cluster.Rows)
            {
                double need = Math.Max(row.Watts(1) / row.BudgetWatts, row.AirflowRatio ?? 0);
                bool isShort = need > (shortRows.Contains(row.Name) ? setting.ReleaseRatio : setting.LimitRatio);
                if (isShort ? shortRows.Add(row.Name) : shortRows.Remove(row.Name))
                {
                    SetClocks(row, isShort, FormattableString.Invariant($"row {row.Name} at {need:0.0 %} of its power or air"), actions);
                }
            }
        }

        private void SetClocks(IRowView row, bool isShort, string reason, IClusterActions actions)
        {
            foreach (IInstanceView instance in row.Servers.SelectMany(server => server.Instances))
            {
                double lower = instance.System.Gpu.Clock.NearestMegahertz(setting.ClockRatio * instance.TopMegahertz());
                actions.SetClock(instance.Number, isShort ? lower : instance.StatedMegahertz(), reason);
            }
        }
    }
}
