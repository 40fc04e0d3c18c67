using GreenServe.Records;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Grids;

/// <summary>What runs must have in common to stand in one table.</summary>
internal static class GridChecks
{
    /// <summary>Runs of one experiment have the same axes.</summary>
    /// <exception cref="InvalidInputException">They have not.</exception>
    internal static void RequireSameAxes(IReadOnlyList<ExperimentRun> runs)
    {
        List<Problem> problems = [];
        foreach (IGrouping<string?, ExperimentRun> group in runs.GroupBy(run => run.Metrics.Manifest.Experiment?.Experiment))
        {
            string[] axes = [.. group.SelectMany(run => run.Coordinates.Keys).Distinct()];
            problems.AddRange(group.Where(run => run.Coordinates.Count != axes.Length).Select(run => new Problem(
                "$.experiment.coordinates", $"the axes {string.Join(", ", run.Coordinates.Keys)}",
                $"the same axes as the other runs of {group.Key} ({string.Join(", ", axes)})", Manifest(run))));
        }

        Throw(problems);
    }

    /// <summary>Repetitions of one point differ in nothing but their seed.</summary>
    /// <exception cref="InvalidInputException">They have other knobs or another workload.</exception>
    internal static void RequireSameSetting(IReadOnlyList<ExperimentRun> point)
    {
        ExperimentRun first = point[0];
        List<Problem> problems = [.. point.Where(run => run.Metrics.Manifest.Knobs != first.Metrics.Manifest.Knobs).Select(run => new Problem(
            "$.knobs", run.Metrics.Manifest.Knobs, $"the knobs of the other repetition in {first.Folder}: {first.Metrics.Manifest.Knobs}", Manifest(run)))];
        problems.AddRange(point.Where(run => run.Metrics.Manifest.WorkloadSha256 != first.Metrics.Manifest.WorkloadSha256).Select(run => new Problem(
            "$.workload", $"another workload of the name {run.Metrics.Manifest.WorkloadName}", $"the workload of the other repetition in {first.Folder}", Manifest(run))));
        Throw(problems);
    }

    private static string Manifest(ExperimentRun run) => Path.Combine(run.Folder, RunFiles.Manifest);

    private static void Throw(List<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
