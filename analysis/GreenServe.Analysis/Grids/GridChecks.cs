using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Grids;

/// <summary>Checks that runs have in common what they must to stand in one table.</summary>
internal static class GridChecks
{
    /// <summary>Refuses runs of one experiment that have different axes.</summary>
    /// <exception cref="InvalidInputException">Runs have different axes; every one of them is named.</exception>
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

    /// <summary>Refuses repetitions of one point that differ in more than their seed.</summary>
    /// <exception cref="InvalidInputException">Runs have other knobs or another workload than the first one.</exception>
    internal static void RequireSameSetting(IReadOnlyList<ExperimentRun> point)
    {
        ExperimentRun first = point[0];
        Knobs knobs = first.Metrics.Manifest.Knobs;
        List<Problem> problems = [];
        foreach (ExperimentRun run in point)
        {
            RunManifest manifest = run.Metrics.Manifest;
            if (manifest.Knobs != knobs)
            {
                problems.Add(new Problem(
                    "$.knobs", manifest.Knobs, $"the knobs of the other repetition in {first.Folder}: {knobs}", Manifest(run)));
            }

            if (manifest.WorkloadSha256 != first.Metrics.Manifest.WorkloadSha256)
            {
                problems.Add(new Problem(
                    "$.workload",
                    $"another workload of the name {manifest.WorkloadName}",
                    $"the workload of the other repetition in {first.Folder}",
                    Manifest(run)));
            }
        }

        // All problems of one kind stand together.
        Throw([.. problems.OrderBy(problem => problem.Place, StringComparer.Ordinal)]);
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
