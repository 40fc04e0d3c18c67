using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.Solvers;
using GreenServe.Simulation.Policies.Wilkins;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The offline assignment of Wilkins, Keshav and Mortier (arXiv 2407.04014): all requests are known, and each gets the model that makes the
/// weighted sum of energy and accuracy best over all of them, while each model gets at least a share. Solved exactly.
/// </summary>
public sealed record WilkinsOffline : PolicyDefinition
{
    /// <summary>Weight of energy against accuracy (ζ), from 0 (accuracy alone) to 1 (energy alone).</summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1)]
    public double EnergyWeightRatio { get; init; } = 0.5;

    /// <summary>Least share of the requests that a model gets, by its name: ratios from 0 to 1, together at most 1.</summary>
    /// <value>Default: none. Each request goes to the model with its best weighted sum.</value>
    public IReadOnlyDictionary<string, double> MinimumShares { get; init; } = new Dictionary<string, double>();

    /// <summary>Number of sequences that run at once in the energy of a request, from 1 to 1024.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    public int FittedSequences { get; init; } = 32;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        [.. PolicyNeeds.Models(setting.Cluster), .. ModelChoice.CheckQuality(setting.Cluster), .. CheckShares(setting.Cluster)];

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this, setting.Schedule.Requests);

    /// <summary>
    /// Least number of requests of each model: its share, rounded up; rounded down where there are too few requests to round up.
    /// </summary>
    internal int[] Floors(IEnumerable<string> models, int requests)
    {
        double[] shares = [.. models.Select(model => requests * MinimumShares.GetValueOrDefault(model))];
        int[] up = [.. shares.Select(share => (int)Math.Ceiling(share))];
        return up.Sum() <= requests ? up : [.. shares.Select(share => (int)share)];
    }

    /// <summary>The model of each request.</summary>
    /// <param name="choice">The models.</param>
    /// <param name="requests">Lengths of the requests.</param>
    /// <param name="energyWeightRatio">Weight of energy against accuracy (ζ), from 0 to 1.</param>
    /// <param name="floors">Least number of requests of each model.</param>
    internal static int[] Assign(
        ModelChoice choice, IReadOnlyList<RequestLengths> requests, double energyWeightRatio, IReadOnlyList<int> floors)
    {
        double maxJoules = requests.Select(choice.MaxJoules).DefaultIfEmpty(1).Max();
        double maxQuality = requests.Select(choice.MaxQualityTokens).DefaultIfEmpty(1).Max();
        double[,] costs = new double[requests.Count, choice.Count];
        for (int request = 0; request < requests.Count; request++)
        {
            for (int model = 0; model < choice.Count; model++)
            {
                costs[request, model] = (energyWeightRatio * choice.Joules(model, requests[request]) / maxJoules)
                    - ((1 - energyWeightRatio) * choice.QualityTokens(model, requests[request]) / maxQuality);
            }
        }

        return MinimumCostAssignment.Solve(costs, floors);
    }

    private IEnumerable<Problem> CheckShares(ClusterDefinition cluster)
    {
        HashSet<string> models = [.. cluster.Replicas.Select(replica => replica.System.Model.Name)];
        foreach ((string model, double share) in MinimumShares.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!models.Contains(model))
            {
                yield return new Problem("$.minimum_shares", model, $"a model of the cluster: {string.Join(", ", models.Order())}");
            }

            if (!(share is >= 0 and <= 1))
            {
                yield return new Problem($"$.minimum_shares.{model}", share, "a ratio from 0 to 1");
            }
        }

        if (MinimumShares.Values.Sum() > 1)
        {
            yield return new Problem("$.minimum_shares", MinimumShares.Values.Sum(), "shares that are together at most 1");
        }
    }

    private sealed class Controller(WilkinsOffline offline, IReadOnlyList<ScheduledRequest> requests) : IClusterPolicy
    {
        private ModelChoice? choice;
        private int[] modelOf = [];

        public bool KnowsFuture => true;

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            choice = ModelChoice.Of(cluster, offline.FittedSequences);
            int[] floors = offline.Floors(choice.Groups.Select(group => group.Name), requests.Count);
            RequestLengths[] lengths = [.. requests.Select(request => new RequestLengths(request.InputTokens, request.OutputTokens))];
            modelOf = Assign(choice, lengths, offline.EnergyWeightRatio, floors);
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) =>
            request.HasFirstToken ? RouteDecision.ByRouter
            : choice!.Groups[modelOf[request.Id]].Servers.LeastLoaded(request) is { } instance ? RouteDecision.To(instance.Number)
            : RouteDecision.Hold;
    }
}
