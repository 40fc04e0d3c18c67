using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Grids;

/// <summary>The repetitions of one operating point on one side of a comparison.</summary>
/// <param name="Name">The point in words; empty for runs outside an experiment.</param>
/// <param name="Runs">The repetitions; at least one.</param>
internal sealed record OperatingPointRuns(string Name, IReadOnlyList<ExperimentRun> Runs)
{
    /// <summary>Parts of a workload or of a policy that say nothing about what is asked.</summary>
    internal static readonly string[] NotCompared = ["seed", "name", "purpose", "source"];

    internal RunManifest Manifest => Runs[0].Metrics.Manifest;

    internal IReadOnlyList<ExperimentRun> Valid { get; } = [.. Runs.Where(run => run.Metrics.IsValid)];

    /// <summary>Groups a side by experiment and coordinates; runs outside an experiment by workload name.</summary>
    /// <exception cref="InvalidInputException">Runs of one point are no repetitions of each other.</exception>
    internal static IReadOnlyDictionary<string, OperatingPointRuns> Group(IReadOnlyList<ExperimentRun> runs)
    {
        Dictionary<string, OperatingPointRuns> points = runs
            .GroupBy(NameOf).ToDictionary(group => group.Key, group => new OperatingPointRuns(group.Key, [.. group]));
        Problem[] problems = [.. points.Values.SelectMany(point => point.Runs.Skip(1).SelectMany(run => Differences(point.Runs[0], run)
            .Where(difference => !difference.Path.StartsWith("$.environment", StringComparison.Ordinal))
            .Select(difference => new Problem(
                difference.Path, difference.Second, $"{difference.First} as in {point.Runs[0].Folder}, of which it is to be a repetition",
                Path.Combine(run.Folder, RunFiles.Manifest)))))];
        return problems.Length == 0 ? points : throw new InvalidInputException(problems);
    }

    /// <summary>Differences between two runs other than their results and seeds.</summary>
    internal static IEnumerable<(string Path, string First, string Second)> Differences(ExperimentRun first, ExperimentRun second)
    {
        RunManifest one = first.Metrics.Manifest;
        RunManifest other = second.Metrics.Manifest;
        return DocumentDifference.Of(one.Workload, other.Workload, NotCompared)
            .Select(difference => difference with { Path = $"$.workload{difference.Path[1..]}" })
            .Concat(Setting(one, other));
    }

    /// <summary>Differences between the settings of two runs: model, knobs, system, policy, backend and versions.</summary>
    internal static IEnumerable<(string Path, string First, string Second)> Setting(RunManifest one, RunManifest other) =>
        DocumentDifference.Of(SettingOf(one), SettingOf(other)).Concat(Parameters(one.Policy, other.Policy));

    /// <summary>Differences between two runs in the parameters of a policy that controlled both, where both state them.</summary>
    private static IEnumerable<(string Path, string First, string Second)> Parameters(ControlPolicy? one, ControlPolicy? other) =>
        one?.Name != other?.Name || one?.Definition is null || other?.Definition is null
            ? []
            : DocumentDifference.Of(one.Definition, other.Definition, NotCompared)
                .Select(difference => difference with { Path = $"$.policy{difference.Path[1..]}" });

    private static JsonObject SettingOf(RunManifest manifest) => new()
    {
        ["model"] = manifest.Model,
        ["backend"] = RecordedBackend.NameOf(manifest.Backend),
        ["knobs"] = DocumentContract.ToNode(manifest.Knobs),
        ["system"] = DocumentContract.ToNode(manifest.System),
        ["policy"] = manifest.Policy?.Name,
        ["environment"] = new JsonObject
        {
            ["suite_version"] = manifest.Environment.SuiteVersion,
            ["git_commit"] = manifest.Environment.GitCommit,
            ["server"] = manifest.Environment.Server,
            ["gpus"] = string.Join("; ", manifest.Environment.Gpus),
        },
    };

    private static string NameOf(ExperimentRun run)
    {
        if (run.Metrics.Manifest.Experiment is not { } experiment)
        {
            return "";
        }

        string place = string.Join(", ", experiment.Coordinates.Select(pair => $"{pair.Key} {pair.Value?.ToString() ?? "none"}"));
        return string.Join(": ", new[] { experiment.Experiment, place }.Where(part => part.Length > 0));
    }
}
