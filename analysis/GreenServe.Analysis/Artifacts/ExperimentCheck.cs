using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Grids;
using GreenServe.Records;

namespace GreenServe.Analysis.Artifacts;

/// <summary>An axis of an experiment that has not run yet.</summary>
/// <param name="Name">Name of the coordinate in records.</param>
/// <param name="Place">Place of the axis in the experiment's file, for example <c>$.grid[0]</c>.</param>
/// <param name="Values">Its values, or the names of its cases.</param>
public sealed record PlannedAxis(string Name, string Place, IReadOnlyList<JsonNode?> Values);

/// <summary>What is known of an experiment before its first run.</summary>
public sealed record PlannedExperiment
{
    /// <summary>Name of the experiment.</summary>
    public required string Name { get; init; }

    /// <summary>The artifact that it names; <c>null</c> for none.</summary>
    public required string? Artifact { get; init; }

    /// <summary>The axes of the experiment, in the order of the file.</summary>
    public required IReadOnlyList<PlannedAxis> Axes { get; init; }

    /// <summary>
    /// The paths of the point that the file or the command line sets, for example <c>knobs.gpu_clock_megahertz</c>: its runs state these
    /// themselves.
    /// </summary>
    public required IReadOnlyCollection<string> Paths { get; init; }

    /// <summary>Whether a simulation serves. A server that is measured may state knobs that nobody set.</summary>
    public required bool IsSimulated { get; init; }
}

/// <summary>
/// Tells before the first run of an experiment what would be found out only after the last one: that its artifact cannot be drawn.
/// </summary>
public static class ExperimentCheck
{
    private const string KnobSection = "knobs.";
    private const string PolicyPath = "system.policy";
    private const string OrNone = "or no artifact: then one is made from the grid";

    private static readonly GridAxis[] KnobAxes = [GridAxes.TensorParallelism, GridAxes.GpuClock, GridAxes.PowerCap];

    /// <summary>Everything that keeps the artifact of an experiment from being drawn, each with its place in the file.</summary>
    /// <param name="experiment">The experiment.</param>
    public static IEnumerable<Problem> Of(PlannedExperiment experiment)
    {
        foreach (PlannedAxis axis in experiment.Axes.Where(axis => !GridNames.IsAxis(axis.Name)))
        {
            yield return new Problem($"{axis.Place}.name", $"'{axis.Name}'", GridNames.AllowedAxis);
        }

        foreach (Problem problem in experiment.Artifact is { } artifact ? OfArtifact(experiment, artifact) : OfGrid(experiment))
        {
            yield return problem;
        }
    }

    private static IEnumerable<Problem> OfArtifact(PlannedExperiment experiment, string name)
    {
        if (ArtifactCatalog.Find(name) is not { } artifact)
        {
            yield return new Problem(
                "$.artifact", $"'{name}'", $"one of {string.Join(", ", ArtifactCatalog.Names)}, {OrNone}");
            yield break;
        }

        GridAxis[] missing = [.. artifact.Axes.Where(axis => !HasPlace(experiment, axis))];
        if (missing.Length > 0)
        {
            yield return new Problem(
                "$.artifact",
                $"'{name}' without {string.Join<GridAxis>(", ", missing)} in the grid",
                $"an experiment with the axes of {name} ({string.Join(", ", artifact.Axes)}), {OrNone}");
        }
    }

    private static IEnumerable<Problem> OfGrid(PlannedExperiment experiment)
    {
        if (experiment.Axes.Count == 0)
        {
            yield break;
        }

        if (GridNames.Refusal(experiment.Name) is { } allowed)
        {
            yield return new Problem("$.name", $"'{experiment.Name}'", allowed);
        }

        AxisSize[] sizes = [.. SizesOf(experiment).Where(size => size.Places > 1)];
        if (sizes.Length > 0 && GridLayout.Of(sizes) is null)
        {
            string found = string.Join(" x ", sizes.Select(size =>
                string.Create(CultureInfo.InvariantCulture, $"{size.Places} {(size.IsNumeric ? "numbers" : "names")} of {size.Name}")));
            yield return new Problem("$.grid", found, GridLayout.Allowed);
        }
    }

    /// <summary>The axes with their sizes. Of names that change together, as those of cases may, only the longest counts.</summary>
    private static IEnumerable<AxisSize> SizesOf(PlannedExperiment experiment)
    {
        foreach (IGrouping<string, PlannedAxis> entry in experiment.Axes.GroupBy(axis => axis.Place))
        {
            AxisSize[] sizes = [.. entry.Select(SizeOf)];
            AxisSize longest = sizes.MaxBy(size => size.Places)!;
            bool isOne = longest.Places == entry.First().Values.Count;
            foreach (AxisSize size in isOne ? [longest] : sizes)
            {
                yield return size;
            }
        }
    }

    private static AxisSize SizeOf(PlannedAxis axis) => new(
        axis.Name,
        axis.Values.Select(value => value?.ToJsonString() ?? "").Distinct().Count(),
        axis.Values.All(value => value?.GetValueKind() == JsonValueKind.Number
            || (value?.GetValueKind() == JsonValueKind.String
                && double.TryParse(value.GetValue<string>(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number))));

    /// <summary>
    /// Whether the runs will have a place on an axis: as a coordinate, as a column that every run states, or as a knob that is set.
    /// </summary>
    private static bool HasPlace(PlannedExperiment experiment, GridAxis axis) =>
        experiment.Axes.Any(planned => planned.Name == axis.Name)
        || GridColumns.Identities.Any(identity => identity.Definition.Equals(axis))
        || (axis == GridAxes.Policy && experiment.Paths.Contains(PolicyPath))
        || (KnobAxes.Contains(axis) && (!experiment.IsSimulated
            || axis == GridAxes.TensorParallelism || experiment.Paths.Contains(KnobSection + axis.Name)));
}
