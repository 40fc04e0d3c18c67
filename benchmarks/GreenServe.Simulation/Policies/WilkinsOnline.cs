using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Simulation.Policies.Groups;
using GreenServe.Simulation.Policies.Wilkins;

namespace GreenServe.Simulation.Policies;

/// <summary>
/// The online rule of Wilkins, Keshav and Mortier (arXiv 2407.04014): each request goes, as it arrives, to the model with the lowest sum of
/// its present cost, the weighted energy and accuracy of the request, and a penalty for requests that wait there.
/// </summary>
public sealed record WilkinsOnline : PolicyDefinition
{
    /// <summary>Weight of energy against accuracy (ζ), from 0 (accuracy alone) to 1 (energy alone).</summary>
    /// <value>Default 0.5.</value>
    [Range(0, 1)]
    public double EnergyWeightRatio { get; init; } = 0.5;

    /// <summary>Penalty for each request that waits for its first token at the model, from 0 to 1000.</summary>
    /// <value>Default 0.1.</value>
    [Range(0, 1000)]
    public double CostPerWaitingRequest { get; init; } = 0.1;

    /// <summary>
    /// Number of requests at one model after which the costs of all models are set to 0, from 1 to 1000000; <c>null</c> for never.
    /// </summary>
    /// <value>Default 10.</value>
    [Range(1, 1_000_000)]
    public int? ResetAfterRequests { get; init; } = 10;

    /// <summary>Number of latest requests whose largest energy and accuracy count as 1, from 1 to 10000.</summary>
    /// <value>Default 100.</value>
    [Range(1, 10_000)]
    public int NormalisedRequests { get; init; } = 100;

    /// <summary>Number of sequences that run at once in the energy of a request, from 1 to 1024.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    public int FittedSequences { get; init; } = 32;

    /// <inheritdoc />
    public override IEnumerable<Problem> CheckFor(PolicySetting setting) =>
        PolicyNeeds.Models(setting.Cluster).Concat(ModelChoice.CheckQuality(setting.Cluster));

    /// <inheritdoc />
    public override IClusterPolicy Create(PolicySetting setting) => new Controller(this);

    private sealed class Controller(WilkinsOnline online) : IClusterPolicy
    {
        private readonly Dictionary<long, (int Model, double Cost)> assigned = [];
        private readonly LatestMaximum maxJoules = new(online.NormalisedRequests);
        private readonly LatestMaximum maxQualityTokens = new(online.NormalisedRequests);
        private ModelChoice? choice;
        private double[] costs = [];
        private long[] served = [];

        public void Begin(IClusterView cluster, IClusterActions actions)
        {
            choice = ModelChoice.Of(cluster, online.FittedSequences);
            costs = new double[choice.Count];
            served = new long[choice.Count];
        }

        public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions)
        {
            if (request.HasFirstToken)
            {
                return RouteDecision.ByRouter;
            }

            Forget(request.Id);
            RequestLengths lengths = new(request.InputTokens, request.PredictedOutputTokens);
            maxJoules.Add(choice!.MaxJoules(lengths));
            maxQualityTokens.Add(choice.MaxQualityTokens(lengths));
            (int? best, IInstanceView? instance, double bestCost, double lowest) = (null, null, 0, double.PositiveInfinity);
            for (int model = 0; model < choice.Count; model++)
            {
                double cost = (online.EnergyWeightRatio * choice.Joules(model, lengths) / maxJoules.Value)
                    - ((1 - online.EnergyWeightRatio) * choice.QualityTokens(model, lengths) / maxQualityTokens.Value);
                double sum = costs[model] + cost + (online.CostPerWaitingRequest * choice.Groups[model].PromptRequests());
                if (sum < lowest && choice.Groups[model].Servers.LeastLoaded(request) is { } least)
                {
                    (best, instance, bestCost, lowest) = (model, least, cost, sum);
                }
            }

            if (best is not { } chosen)
            {
                return RouteDecision.Hold;
            }

            Assign(request.Id, chosen, bestCost);
            return RouteDecision.To(instance!.Number);
        }

        public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
        {
            if (happened.Kind == RequestEventKind.Completed)
            {
                Forget(happened.Request.Id);
            }
        }

        private void Assign(long request, int model, double cost)
        {
            assigned[request] = (model, cost);
            costs[model] += cost;
            if (++served[model] % online.ResetAfterRequests == 0)
            {
                Array.Clear(costs);
            }
        }

        /// <summary>Takes the cost of a request that is completed, or that is routed again, from its model.</summary>
        private void Forget(long request)
        {
            if (assigned.Remove(request, out (int Model, double Cost) known))
            {
                costs[known.Model] -= known.Cost;
            }
        }
    }
}
