using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// Baseline: requests are spread over the models or the sites of a cluster, in turn or at random. Within a model or site they go to the
/// instance with the fewest tokens to do.
/// </summary>
public sealed record SpreadEvenly : PolicyDefinition
{
    /// <summary>What requests are spread over: <c>models</c> or <c>sites</c>.</summary>
    /// <value>Default <c>models</c>.</value>
    public SpreadTarget Over { get; init; }

    /// <summary>How the next one is chosen: <c>in_turn</c> or <c>at_random</c>.</summary>
    /// <value>Default <c>in_turn</c>.</value>
    public SpreadOrder Order { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        Over == SpreadTarget.Sites ? PolicyNeeds.Sites(setting.Cluster) : PolicyNeeds.Models(setting.Cluster);

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting.Seed);

    private sealed class Controller(SpreadEvenly spread, ulong seed) : IClusterPolicy
    {
        private IReadOnlyList<ServerGroup> groups = [];
        private int turn;

        public void Begin(IClusterView cluster, IClusterActions actions) =>
            groups = spread.Over == SpreadTarget.Models ? ServerGroup.ByModel(cluster) : ServerGroup.BySite(cluster);

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (request.HasFirstToken)
            {
                return RouteDecision.ByRouter;
            }

            int first = spread.Order == SpreadOrder.InTurn
                ? turn++ % groups.Count
                : (int)(SeededDraw.Ratio(seed, request.Id) * groups.Count);
            for (int passed = 0; passed < groups.Count; passed++)
            {
                if (groups[(first + passed) % groups.Count].Servers.LeastLoaded(request) is { } instance)
                {
                    return RouteDecision.To(instance.Number);
                }
            }

            return RouteDecision.Hold;
        }
    }
}

/// <summary>What a baseline spreads requests over.</summary>
public enum SpreadTarget
{
    /// <summary>The models of the cluster. Servers that serve a model in the same way count as one.</summary>
    Models,

    /// <summary>The sites of the cluster.</summary>
    Sites,
}

/// <summary>How a baseline chooses the next model or site.</summary>
public enum SpreadOrder
{
    /// <summary>Models or sites take turns.</summary>
    InTurn,

    /// <summary>Each request draws its model or site. All are equally likely.</summary>
    AtRandom,
}
