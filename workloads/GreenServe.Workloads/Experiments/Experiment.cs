using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Experiments;

/// <summary>A grid of operating points with repetitions.</summary>
/// <remarks>Files: <c>*.experiment.yaml</c>, read by <see cref="ExperimentFile"/>.</remarks>
public sealed record Experiment : IChecked
{
    /// <summary>Largest number of runs of one experiment, repetitions included.</summary>
    public const int MaxRuns = 100_000;

    /// <summary>Path of the file of a simulated cluster in a point.</summary>
    private const string ClusterPath = "system.cluster";

    /// <summary>Name: letters, digits, dots, dashes and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>What the experiment is to show.</summary>
    public required string Purpose { get; init; }

    /// <summary>Source that the grid follows, and whether that source was read or is second-hand.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// The artifact that the experiment is for, a name of the artifact catalog; <c>null</c> for one that is made from the grid and called
    /// like the experiment.
    /// </summary>
    public string? Artifact { get; init; }

    /// <summary>What serves, unless the command line says otherwise: simulated, engine or openai.</summary>
    /// <value>Default <see cref="BackendKind.Simulated"/>.</value>
    public BackendKind Backend { get; init; } = BackendKind.Simulated;

    /// <summary>Hardware and engine that serve.</summary>
    public required ServingSystem System { get; init; }

    /// <summary>
    /// The server that is started anew for each point when the backend is openai: preset, command, arguments, environment, knobs, port,
    /// ready_path; <c>null</c> for none.
    /// </summary>
    /// <remarks>The command that runs the experiment binds it, since a server is no part of the workload.</remarks>
    public JsonNode? Server { get; init; }

    /// <summary>Knobs that the grid does not change.</summary>
    public Knobs Knobs { get; init; } = new();

    /// <summary>The workload: a name of the catalog, the path of a workload file (relative to this file), or the workload itself.</summary>
    [ByName]
    public required JsonNode Workload { get; init; }

    /// <summary>Changes of the point that apply before the grid, by dotted path, for example workload.requests: 200.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyDictionary<string, JsonNode?> Overrides { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The axes of the grid, the last one varying fastest; empty for a single point.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<ExperimentAxis> Grid { get; init; } = [];

    /// <summary>Runs of each point; run r, counted from 0, uses the workload's seed + r.</summary>
    /// <value>From 1 to 1000; default 1.</value>
    [Range(1, 1000)]
    public int Repetitions { get; init; } = 1;

    /// <summary>Whether a simulated cluster serves its points, or some of them.</summary>
    [JsonIgnore]
    public bool NamesCluster =>
        System.Cluster is not null || Overrides.ContainsKey(ClusterPath) || Grid.Any(axis => axis.Paths.Contains(ClusterPath));

    /// <summary>
    /// The document that the experiment was bound from, for the lines in messages; <c>null</c> for one made by a program.
    /// </summary>
    [JsonIgnore]
    internal DocumentTree? Document { get; init; }

    /// <summary>Folder that relative paths start from; <c>null</c> for the current one.</summary>
    [JsonIgnore]
    public string? Folder { get; init; }

    /// <summary>
    /// Every run of the experiment, in the order of the grid and, within a point, of its repetitions. Each point is validated as a
    /// whole.
    /// </summary>
    /// <param name="settings">Changes as <c>name=value</c> that override grid and file; see <see cref="PointSettings"/>.</param>
    /// <param name="backend">Backend that serves; <c>null</c> for the experiment's own.</param>
    /// <exception cref="InvalidInputException">
    /// A point cannot be made. The exception holds every problem of every point, with the line of the axis value that causes it.
    /// </exception>
    public IReadOnlyList<OperatingPoint> Points(IReadOnlyList<string>? settings = null, BackendKind? backend = null) =>
        new ExperimentExpansion(this, settings ?? [], backend ?? Backend).Expand();

    /// <summary>A problem with a value of the file, with its line.</summary>
    /// <param name="place">Place of the value, for example <c>$.artifact</c>.</param>
    /// <param name="found">The value as found; <c>null</c> when it is missing.</param>
    /// <param name="allowed">What would be accepted, in words that follow "want".</param>
    public Problem ProblemAt(string place, object? found, string allowed)
    {
        DocumentOrigin? origin = Document?.OriginOf(place);
        return new Problem(place, found, allowed, origin?.File, origin?.Line);
    }

    /// <summary>A problem with a path that an axis of the grid sets.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="path">The path.</param>
    /// <param name="allowed">What would be accepted, in words that follow "want".</param>
    public Problem ProblemOfAxis(ExperimentAxis axis, string path, string allowed) =>
        ProblemAt($"$.grid[{Grid.TakeWhile(other => other != axis).Count()}]", $"'{path}' on the axis '{axis.Name}'", allowed);

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (!DocumentName.IsAllowed(Name))
        {
            yield return new Problem("$.name", $"'{Name}'", DocumentName.Allowed);
        }

        foreach (string path in Overrides.Keys.Where(path => !PointDocument.IsPath(path)))
        {
            yield return new Problem($"$.overrides.{path}", $"'{path}'", PointDocument.AllowedPaths);
        }

        HashSet<string> names = [];
        for (int index = 0; index < Grid.Count; index++)
        {
            if (!Grid[index].CoordinateNames.All(names.Add))
            {
                yield return new Problem($"$.grid[{index}].name", $"'{Grid[index].Name}'", "a name that no other axis has");
            }
        }

        foreach (Problem problem in CheckPaths())
        {
            yield return problem;
        }

        // The product stops at a limit, so that many long axes cannot overflow it.
        long runs = Repetitions;
        foreach (ExperimentAxis axis in Grid)
        {
            runs = Math.Min(int.MaxValue, runs * Math.Max(1, axis.Values?.Count ?? axis.Cases?.Count ?? 0));
        }

        if (runs > MaxRuns)
        {
            yield return new Problem("$.grid", $"{runs} runs", $"at most {MaxRuns} runs, repetitions included");
        }
    }

    /// <summary>
    /// Two axes that set one value would run other values than the coordinates say: the later axis wins. A value inside another may be
    /// set after it, and not before.
    /// </summary>
    private IEnumerable<Problem> CheckPaths()
    {
        for (int later = 1; later < Grid.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                IReadOnlyList<string> set = Grid[earlier].Paths;
                if (Grid[later].Paths.FirstOrDefault(path => set.Any(other => PointDocument.IsWithin(other, path))) is { } path)
                {
                    yield return new Problem(
                        $"$.grid[{later}]",
                        $"'{path}' on the axis '{Grid[later].Name}'",
                        $"a path that the axis '{Grid[earlier].Name}' before it does not set: "
                        + "its points would run other values than their names say");
                }
            }
        }
    }
}
