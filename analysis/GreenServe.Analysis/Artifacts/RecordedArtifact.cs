using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// An artifact with the runs that it is drawn from: one of the catalog, or one that is made from the grid of an experiment.
/// </summary>
/// <param name="Artifact">The artifact.</param>
/// <param name="Runs">Its runs, in the order in which they were read.</param>
internal sealed record RecordedArtifact(Artifact Artifact, IReadOnlyList<ExperimentRun> Runs)
{
    /// <summary>
    /// Name of the artifact of a run: the one that its experiment names, or the name of the experiment itself; <c>null</c> for a run
    /// without a grid.
    /// </summary>
    internal static string? NameOf(ExperimentRun run) => run.Metrics.Manifest.Experiment is not { } place ? null
        : place.Artifact ?? (place.Coordinates.Count > 0 ? place.Experiment : null);

    /// <summary>The artifacts of some runs, in the order in which the runs name them.</summary>
    /// <exception cref="InvalidInputException">The files of two artifacts have one name.</exception>
    internal static IReadOnlyList<RecordedArtifact> AllOf(IReadOnlyList<ExperimentRun> runs)
    {
        RecordedArtifact[] all =
        [
            .. from run in runs
               let name = NameOf(run)
               where name is not null
               group run by name into own
               select new RecordedArtifact(
                   ArtifactCatalog.Find(own.Key)
                       ?? GridArtifact.For(own.Key, [.. own.SelectMany(run => run.Coordinates.Keys).Distinct().Select(GridAxes.Of)]),
                   [.. own]),
        ];
        RequireOwnFiles(all);
        return all;
    }

    /// <summary>Passes a run on whose artifact can be drawn.</summary>
    /// <exception cref="InvalidInputException">
    /// The record names an artifact that this version does not know, or an experiment whose artifact could not have its name or its axes.
    /// </exception>
    internal static ExperimentRun Require(ExperimentRun run)
    {
        if (run.Metrics.Manifest.Experiment is not { } place || NameOf(run) is not { } name)
        {
            return run;
        }

        string file = Path.Combine(run.Folder, RunFiles.Manifest);
        List<Problem> problems = [];
        if (place.Artifact is not null && ArtifactCatalog.Find(name) is null)
        {
            problems.Add(new Problem("$.experiment.artifact", name, $"one of {string.Join(", ", ArtifactCatalog.Names)}", file));
        }
        else if (place.Artifact is null && GridNames.Refusal(name) is { } allowed)
        {
            problems.Add(new Problem("$.experiment.experiment", name, allowed, file));
        }

        problems.AddRange(place.Coordinates.Keys.Where(axis => !GridNames.IsAxis(axis))
            .Select(axis => new Problem("$.experiment.coordinates", axis, GridNames.AllowedAxis, file)));
        return problems.Count == 0 ? run : throw new InvalidInputException(problems);
    }

    private static void RequireOwnFiles(IReadOnlyList<RecordedArtifact> all)
    {
        // Those of the catalog have names of their own, which no experiment can take.
        RecordedArtifact[] ofGrids = [.. all.Where(one => ArtifactCatalog.Find(one.Artifact.Name) is null)];
        Problem[] problems =
        [
            .. ofGrids.SelectMany(one => GridNames.FilesOf(one.Artifact.Name).Select(file => (File: file, Of: one)))
                .GroupBy(pair => pair.File, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Skip(1).Any())
                .Select(same => new Problem(
                    "$.experiment.experiment",
                    string.Join(" and ", same.Select(pair => $"'{pair.Of.Artifact.Name}'")),
                    $"names that differ in more than capitals and in more than an ending of the suite: both would write {same.Key}",
                    Path.Combine(same.Last().Of.Runs[0].Folder, RunFiles.Manifest))),
        ];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
