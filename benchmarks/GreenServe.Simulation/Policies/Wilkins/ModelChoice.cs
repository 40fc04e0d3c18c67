using GreenServe.Records;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Estimates;
using GreenServe.Simulation.Policies.Groups;

namespace GreenServe.Simulation.Policies.Wilkins;

/// <summary>The models of a cluster, with the energy and the accuracy that a request has at each.</summary>
/// <param name="Groups">The servers of each model.</param>
/// <param name="Fits">Energy of a request at each model.</param>
/// <param name="QualityRatios">Accuracy of each model, from 0 to 1.</param>
internal sealed record ModelChoice(
    IReadOnlyList<ServerGroup> Groups, IReadOnlyList<RequestEnergyFit> Fits, IReadOnlyList<double> QualityRatios)
{
    /// <summary>Number of models.</summary>
    internal int Count => Groups.Count;

    /// <summary>Every model of a cluster without a stated quality; empty if each has one.</summary>
    internal static IEnumerable<Problem> CheckQuality(ClusterDefinition cluster) => cluster.Replicas
        .Where(replica => cluster.QualityRatio(replica, replica.System) is null).Select(replica => replica.System.Model.Name).Distinct()
        .Select(model => new Problem($"servers of {model}: quality", null, "how good its answers are, stated in the cluster file"));

    /// <summary>Fits the energy of each model of a cluster.</summary>
    /// <param name="cluster">The cluster at the beginning of a run.</param>
    /// <param name="sequences">Number of sequences that run at once in the fitted energy, at least 1.</param>
    internal static ModelChoice Of(IClusterView cluster, int sequences)
    {
        IReadOnlyList<ServerGroup> groups = ServerGroup.ByModel(cluster);
        return new ModelChoice(
            groups,
            [.. groups.Select(group => group.Servers[0].System).Select(system =>
                RequestEnergyFit.Of(new SteadyServing(system, cluster.Model(system)), sequences))],
            [.. groups.Select(group => group.Servers[0].QualityRatio!.Value)]);
    }

    /// <summary>Energy of a request at a model, in joules.</summary>
    internal double Joules(int model, RequestLengths lengths) => Fits[model].Joules(lengths);

    /// <summary>Accuracy of a model over the tokens of a request: their number times the accuracy.</summary>
    internal double QualityTokens(int model, RequestLengths lengths) =>
        QualityRatios[model] * (lengths.InputTokens + lengths.OutputTokens);

    /// <summary>Largest energy of a request at any model, in joules.</summary>
    internal double MaxJoules(RequestLengths lengths) => Fits.Max(fit => fit.Joules(lengths));

    /// <summary>Largest accuracy over the tokens of a request at any model.</summary>
    internal double MaxQualityTokens(RequestLengths lengths) => QualityRatios.Max() * (lengths.InputTokens + lengths.OutputTokens);
}
