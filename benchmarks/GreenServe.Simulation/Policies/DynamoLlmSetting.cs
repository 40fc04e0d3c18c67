using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// DynamoLLM: a pool of servers for each request class, and three loops that scale the servers of the pools, the tensor parallelism of
/// their instances and the clocks. Each loop can be switched off, which gives the systems that the paper compares.
/// </summary>
public sealed record DynamoLlmSetting : PolicyDefinition
{
    /// <summary>Whether each of the nine request classes has a pool of its own. Otherwise all servers are one pool.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool SeparatesClasses { get; init; } = true;

    /// <summary>
    /// Whether servers are started and switched off for the expected load. Otherwise each pool keeps the servers that its peak needs.
    /// </summary>
    /// <value>Default <c>true</c>.</value>
    public bool ScalesInstances { get; init; } = true;

    /// <summary>Whether the servers of a pool are divided into instances of lower tensor parallelism where that saves energy.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool ScalesShards { get; init; } = true;

    /// <summary>Whether the clock of each instance follows its load.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool ScalesClocks { get; init; } = true;

    /// <summary>Time between decisions about servers, in seconds, from 1 to 86400.</summary>
    /// <value>Default 1800.</value>
    [Range(1, 86_400)]
    public double InstancePeriodSeconds { get; init; } = 1800;

    /// <summary>Time between decisions about tensor parallelism, in seconds, from 1 to 86400.</summary>
    /// <value>Default 300.</value>
    [Range(1, 86_400)]
    public double ShardPeriodSeconds { get; init; } = 300;

    /// <summary>Time between decisions about clocks and emergencies, in seconds, from 0.1 to 3600.</summary>
    /// <value>Default 5.</value>
    [Range(0.1, 3600)]
    public double ClockPeriodSeconds { get; init; } = 5;

    /// <summary>The clocks below that of the cluster file to choose from beside it, in megahertz, each from 1 to 10000.</summary>
    /// <value>Default 800 to 1800 in steps of 200.</value>
    public IReadOnlyList<double> GpuClocksMegahertz { get; init; } = [800, 1000, 1200, 1400, 1600, 1800];

    /// <summary>Probability that the band of an output is predicted rightly, from 0 to 1.</summary>
    /// <value>Default 0.81, of a BERT classifier (second-hand).</value>
    [Range(0, 1)]
    public double PredictorAccuracyProbability { get; init; } = 0.81;

    /// <summary>Share by which the load that is planned for exceeds the load that is expected, from 0 to 10.</summary>
    /// <value>Default 0.1 (inferred).</value>
    [Range(0, 10)]
    public double HeadroomRatio { get; init; } = 0.1;

    /// <summary>Whether a request whose first token is overdue is dropped, as the last step of an emergency.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool DropsExpired { get; init; } = true;

    /// <inheritdoc />
    public override bool StartsFromOwnTraffic() => true;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        [.. setting.CheckProfiles(), .. PolicyNeeds.OpenLoop(setting.Schedule), .. setting.CheckClocks(GpuClocksMegahertz)];

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) =>
        new DynamoLlmController(this, setting.Profiles(), setting.Cluster.Replicas);
}
