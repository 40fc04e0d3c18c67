using System.Text.Json.Nodes;
using GreenServe.Analysis.Artifacts;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Holds an experiment against the artifact that its records will be drawn as, before the first point runs.</summary>
internal static class ArtifactPlan
{
    private const ServerKinds Simulations = ServerKinds.SimulatedEngine | ServerKinds.SimulatedCluster;

    /// <summary>Everything that keeps the artifact from being drawn, each with the line of the file.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="settings">Changes of the command line as <c>name=value</c>.</param>
    /// <param name="chosen">What serves.</param>
    internal static IEnumerable<Problem> Problems(Experiment experiment, IReadOnlyList<string> settings, ServerKinds chosen) =>
        ExperimentCheck.Of(new PlannedExperiment
        {
            Name = experiment.Name,
            Artifact = experiment.Artifact,
            Axes = [.. experiment.Grid.Index().SelectMany(place => AxesOf(place.Item, $"$.grid[{place.Index}]"))],
            Paths = [.. PathsOf(experiment, settings)],
            IsSimulated = (chosen & Simulations) != 0,
        }).Select(problem => experiment.ProblemAt(problem.Place, problem.Found, problem.Allowed));

    // Several names of an axis, as in class/load, split the names of its cases likewise.
    private static IEnumerable<PlannedAxis> AxesOf(ExperimentAxis axis, string place)
    {
        string[] names = axis.Name.Split('/');
        string[][] cases = [.. axis.Cases?.Keys.Select(name => names.Length > 1 ? name.Split('/') : [name]) ?? []];
        return names.Select((name, part) => new PlannedAxis(
            name, place, axis.Values ?? [.. cases.Where(one => part < one.Length).Select(JsonNode? (one) => JsonValue.Create(one[part]))]));
    }

    private static IEnumerable<string> PathsOf(Experiment experiment, IReadOnlyList<string> settings) =>
    [
        .. Set("knobs", DocumentContract.ToNode(experiment.Knobs)), .. Set("system", DocumentContract.ToNode(experiment.System)),
        .. experiment.Overrides.Keys,
        .. settings.Select(PointSettings.PathOf).OfType<string>(),
        .. experiment.Grid.SelectMany(axis => axis.Paths),
    ];

    private static IEnumerable<string> Set(string section, JsonNode? values) =>
        (values as JsonObject ?? []).Where(pair => pair.Value is not null).Select(pair => $"{section}.{pair.Key}");
}
