using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>A sweep that goes on in the folder of an earlier one: which points are kept, which run again, and why.</summary>
/// <remarks>
/// A point is kept if its record was asked for the same thing and is whole. A record that was cut runs again. A whole record of
/// something else or of a newer version is never removed: it may have cost hours on a GPU, so its user decides. No file is removed that
/// a record does not have.
/// </remarks>
public sealed class ResumedSweep
{
    /// <summary>Number of differences that a message names. The others follow from reading the two files.</summary>
    private const int NamedDifferences = 6;

    /// <summary>Length of a SHA-256 in messages: enough digits to see that two differ.</summary>
    private const int NamedTextLength = 40;

    /// <summary>Member of a manifest that tells whether this build knows the rest.</summary>
    private const string VersionPlace = "$.schema_version";

    private readonly List<(OperatingPoint Point, string Reason)> repeated = [];
    private readonly HashSet<string> pending = [];
    private readonly List<(OperatingPoint Point, string Fault)> foreign = [];
    private readonly PointInputs inputs = new();

    private ResumedSweep(string folder, IReadOnlyList<OperatingPoint> points, PointRunnerOptions options)
    {
        foreach (OperatingPoint point in points)
        {
            Sort(point, Path.Combine(folder, point.Id), options);
        }

        pending.UnionWith(repeated.Select(item => item.Point.Id));
        Pending = [.. points.Where(point => pending.Contains(point.Id))];
        Repeated = [.. repeated.GroupBy(item => item.Reason).Select(group => $"{Named(group.Select(item => item.Point))}: {group.Key}")];
    }

    /// <summary>The points that run, in the order of the experiment.</summary>
    public IReadOnlyList<OperatingPoint> Pending { get; }

    /// <summary>The points whose earlier record is replaced, and why: one sentence for each reason.</summary>
    public IReadOnlyList<string> Repeated { get; }

    /// <summary>Looks at the records of an earlier sweep. Nothing is changed.</summary>
    /// <param name="folder">The folder of the earlier sweep.</param>
    /// <param name="points">The points of the experiment that are to run.</param>
    /// <param name="experiment">Every point of the experiment. A record in the folder that is none of them is of another grid.</param>
    /// <param name="options">What runs the points.</param>
    /// <exception cref="InvalidInputException">
    /// A record is whole, but of something else or of a newer version, or other files lie in one that was cut. All of them are named.
    /// </exception>
    public static ResumedSweep Of(
        string folder, IReadOnlyList<OperatingPoint> points, IReadOnlyList<OperatingPoint> experiment, PointRunnerOptions options)
    {
        ResumedSweep sweep = new(folder, points, options);
        RequireNoStrangers(folder, experiment);
        Problem[] problems = [.. sweep.foreign.GroupBy(item => item.Fault).Select(group => new Problem(
            "--resume",
            $"{Named(group.Select(item => item.Point))} {group.Key}",
            "the records of this experiment, another --out, or those folders removed",
            folder))];
        return problems.Length == 0 ? sweep : throw new InvalidInputException(problems);
    }

    /// <summary>
    /// The record of a single point that an earlier command left; <c>null</c> if the point has to run. A record that was cut is removed, so
    /// that the point can run again.
    /// </summary>
    /// <param name="folder">The folder that holds the records of all points.</param>
    /// <param name="point">The point.</param>
    /// <param name="options">What runs the point.</param>
    /// <exception cref="InvalidInputException">
    /// There is a whole record of something else or of a newer version, or other files lie in one that was cut.
    /// </exception>
    public static RunRecord? KeptRecord(string folder, OperatingPoint point, PointRunnerOptions options)
    {
        ResumedSweep sweep = OfOne(folder, point, options);
        sweep.RemoveReplaced(folder);
        return sweep.Pending.Count == 0 ? RunRecord.Read(Path.Combine(folder, point.Id)) : null;
    }

    /// <summary>Throws if an earlier command left a record of something else in the place of a point. Nothing is changed.</summary>
    /// <inheritdoc cref="KeptRecord" />
    public static void RequireSame(string folder, OperatingPoint point, PointRunnerOptions options) => _ = OfOne(folder, point, options);

    private static ResumedSweep OfOne(string folder, OperatingPoint point, PointRunnerOptions options)
    {
        ResumedSweep sweep = new(folder, [point], options);
        if (sweep.foreign is [(_, string fault)])
        {
            throw new InvalidInputException(new Problem(
                "--resume",
                $"{point.Id} {fault}",
                "the records of the same command, another --out, or that folder removed",
                folder));
        }

        return sweep;
    }

    /// <summary>
    /// An analysis of the folder takes every record in it. One of another grid of the same experiment would be taken for a point of this
    /// one.
    /// </summary>
    private static void RequireNoStrangers(string folder, IReadOnlyList<OperatingPoint> experiment)
    {
        HashSet<string> known = [.. experiment.Select(point => point.Id)];
        string? name = experiment.Select(point => point.Place?.Experiment).FirstOrDefault();
        string[] strangers =
        [
            .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
                .Where(path => !known.Contains(Path.GetFileName(path)) && File.Exists(Path.Combine(path, RunFiles.Manifest)))
                .Where(path => TryRead(path, out _)?.Manifest.Experiment is { } place && place.Experiment == name)
                .Select(Path.GetFileName).OfType<string>(),
        ];
        if (strangers.Length > 0)
        {
            throw new InvalidInputException(new Problem(
                "--resume",
                $"{strangers.Length} records of another grid of '{name}', for example {strangers[0]}",
                "the records of this experiment, another --out, or those folders removed",
                folder));
        }
    }

    /// <summary>Removes the records that are to be replaced: the files that a record consists of, and their folder.</summary>
    /// <param name="folder">The folder of the earlier sweep.</param>
    public void RemoveReplaced(string folder)
    {
        foreach ((OperatingPoint point, _) in repeated)
        {
            string record = Path.Combine(folder, point.Id);
            foreach (string file in Directory.EnumerateFiles(record).Where(IsOfRecord).ToArray())
            {
                File.Delete(file);
            }

            Directory.Delete(record);
        }
    }

    private void Sort(OperatingPoint point, string folder, PointRunnerOptions options)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            pending.Add(point.Id);
        }
        else if (!File.Exists(Path.Combine(folder, RunFiles.Manifest)))
        {
            Repeat(point, folder, $"it has no {RunFiles.Manifest}");
        }
        else if (TryRead(folder, out Problem? damage) is not { } record)
        {
            if (damage!.Place == VersionPlace)
            {
                foreign.Add((point, $"whose {RunFiles.Manifest} this build does not know "
                    + $"({VersionPlace}: got {damage.Found ?? "nothing"}, want {damage.Allowed})"));
                return;
            }

            Repeat(point, folder, $"its {RunFiles.Manifest} cannot be read ({damage.Place}: got {damage.Found ?? "nothing"})");
        }
        else if (record.Manifest.Verdict.IsInterrupted)
        {
            Repeat(point, folder, "its run was interrupted");
        }
        else if (record.Manifest.Tables is null || record.Manifest.Definition is null)
        {
            foreign.Add((point, "whose record was written by an earlier version, which did not state what was asked"));
        }
        else if (record.CheckTables() is [Problem problem, ..])
        {
            Repeat(
                point, folder, $"its {Path.GetFileName(problem.File)} has {problem.Found ?? "no rows"} and not {problem.Allowed}");
        }
        else if (Difference(record.Manifest, point, options) is { } difference)
        {
            foreign.Add((point, $"from a run that was asked for something else ({difference})"));
        }
    }

    /// <summary>Has a point run again, unless somebody's own files lie in the folder of its record.</summary>
    private void Repeat(OperatingPoint point, string folder, string reason)
    {
        string[] others =
        [
            .. Directory.EnumerateFileSystemEntries(folder).Where(path => Directory.Exists(path) || !IsOfRecord(path))
                .Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal),
        ];
        if (others.Length == 0)
        {
            repeated.Add((point, reason));
            return;
        }

        string more = others.Length > NamedDifferences ? $" and {others.Length - NamedDifferences} more" : "";
        foreign.Add((point, $"with files that are of no record: {string.Join(", ", others.Take(NamedDifferences))}{more} ({reason})"));
    }

    /// <summary>Whether a file is one that a record consists of, complete or not.</summary>
    private static bool IsOfRecord(string path) =>
        Path.GetFileName(path) is var name
        && (name is RunFiles.Manifest or LaunchedServerPointRunner.LogName || RunFiles.IsOfTable(name)
            || (name.StartsWith($"{RunFiles.Manifest}.", StringComparison.Ordinal) && name.EndsWith(".draft", StringComparison.Ordinal)));

    private static RunRecord? TryRead(string folder, out Problem? damage)
    {
        try
        {
            damage = null;
            return RunRecord.Read(folder);
        }
        catch (InvalidInputException exception)
        {
            damage = exception.Problems[0];
            return null;
        }
    }

    /// <summary>What differs between the record of a point and what is asked now, in words; <c>null</c> for nothing.</summary>
    private string? Difference(RunManifest manifest, OperatingPoint point, PointRunnerOptions options)
    {
        JsonObject asked = PointDefinition.Of(point, options, inputs);
        (string Path, string First, string Second)[] differences =
        [
            .. DocumentDifference.Of(manifest.Workload, DocumentContract.ToNode(point.Workload))
                .Select(difference => difference with { Path = $"workload{difference.Path[1..]}" }),
            .. DocumentDifference.Of(manifest.Definition, JsonNode.Parse(asked.ToJsonString()))
                .Select(difference => difference with { Path = difference.Path[2..] }),
        ];
        if (differences.Length == 0)
        {
            return null;
        }

        string named = string.Join("; ", differences.Take(NamedDifferences)
            .Select(difference => $"{difference.Path} was {Short(difference.First)}, now {Short(difference.Second)}"));
        return differences.Length > NamedDifferences ? $"{named}; and {differences.Length - NamedDifferences} more" : named;
    }

    private static string Named(IEnumerable<OperatingPoint> points)
    {
        OperatingPoint[] all = [.. points];
        return all.Length == 1 ? all[0].Id : $"{all.Length} points, for example {all[0].Id},";
    }

    private static string Short(string text) => text.Length <= NamedTextLength ? text : $"{text[..NamedTextLength]}…";
}
