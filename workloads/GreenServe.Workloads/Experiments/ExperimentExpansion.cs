using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Catalogs;

namespace GreenServe.Workloads.Experiments;

/// <summary>Expands an experiment to its operating points.</summary>
internal sealed class ExperimentExpansion
{
    private readonly Experiment experiment;
    private readonly IReadOnlyList<string> settings;
    private readonly BackendKind backend;
    private readonly DocumentTree document;
    private readonly List<Problem> problems = [];
    private readonly HashSet<string> usedIds = [];
    private readonly Dictionary<string, Workload> workloads = [];
    private string? folder;

    internal ExperimentExpansion(Experiment experiment, IReadOnlyList<string> settings, BackendKind backend)
    {
        this.experiment = experiment;
        this.settings = settings;
        this.backend = backend;
        folder = experiment.Folder;
        document = experiment.Document ?? DocumentTree.Of(DocumentContract.ToNode(experiment));
    }

    internal IReadOnlyList<OperatingPoint> Expand()
    {
        RequireFreeSettings();
        DocumentTree tree = BasePoint();
        List<OperatingPoint> points = [];
        foreach (IReadOnlyList<AxisStep> steps in Combinations())
        {
            if (TryBind(tree, steps) is { } point)
            {
                points.AddRange(Repeat(point, steps));
            }
        }

        return problems.Count == 0 ? points : throw new InvalidInputException(problems.Distinct());
    }

    /// <summary>
    /// A setting of a value that an axis varies would make all points of that axis equal, whatever their coordinates say.
    /// </summary>
    private void RequireFreeSettings()
    {
        Problem[] taken =
        [
            .. from setting in settings
               let path = PointSettings.PathOf(setting)
               where path is not null
               from axis in experiment.Grid
               where axis.Paths.Any(set => PointDocument.IsWithin(set, path) || PointDocument.IsWithin(path, set))
               select new Problem($"--set {setting}", $"it for what the axis '{axis.Name}' varies", "a value that no axis sets"),
        ];
        if (taken.Length > 0)
        {
            throw new InvalidInputException(taken);
        }
    }

    private DocumentTree BasePoint()
    {
        DocumentTree tree = DocumentTree.Of(new JsonObject(), document.File)
            .With("workload", WorkloadTree())
            .With("knobs", Section("knobs"))
            .With("system", Section("system"));
        foreach ((string path, JsonNode? value) in experiment.Overrides)
        {
            tree = tree.With(path, value, document.OriginOf($"$.overrides.{path}"));
        }

        return PointSettings.Apply(tree, settings, problems);
    }

    private DocumentTree WorkloadTree()
    {
        if (experiment.Workload.GetValueKind() != JsonValueKind.String)
        {
            return Section("workload");
        }

        try
        {
            NamedDocument named = WorkloadCatalog.Documents.Open(experiment.Workload.GetValue<string>(), experiment.Folder);

            // Paths inside the workload are relative to the workload's own file. A built-in workload has none.
            folder = named.Folder ?? experiment.Folder;
            return named.Tree;
        }
        catch (InvalidInputException exception)
        {
            // Without a workload no point can be validated, so its problems are reported alone.
            DocumentOrigin origin = document.OriginOf("$.workload");
            throw new InvalidInputException(exception.Problems.Select(problem =>
                problem.File is null ? problem with { Place = "$.workload", File = origin.File, Line = origin.Line } : problem));
        }
    }

    private DocumentTree Section(string name) => document.At("$." + name) ?? DocumentTree.Of(name switch
    {
        "knobs" => DocumentContract.ToNode(experiment.Knobs),
        "system" => DocumentContract.ToNode(experiment.System),
        _ => experiment.Workload,
    });

    /// <summary>Every combination of steps of the axes, the last axis varying fastest.</summary>
    private IEnumerable<IReadOnlyList<AxisStep>> Combinations()
    {
        IEnumerable<IReadOnlyList<AxisStep>> combinations = [[]];
        for (int index = 0; index < experiment.Grid.Count; index++)
        {
            AxisStep[] steps = [.. experiment.Grid[index].Steps($"$.grid[{index}]")];
            combinations = combinations.SelectMany(head => steps, (head, step) => (IReadOnlyList<AxisStep>)[.. head, step]);
        }

        return combinations;
    }

    private OperatingPoint? TryBind(DocumentTree tree, IReadOnlyList<AxisStep> steps)
    {
        DocumentTree changed = tree;
        foreach (AxisChange change in steps.SelectMany(step => step.Changes))
        {
            changed = changed.With(change.Path, change.Value, document.OriginOf(change.Place));
        }

        try
        {
            // The settings of the command line apply to every point, after its axes.
            changed = PointSettings.Apply(changed, settings, []);
            OperatingPoint point = OperatingPoint.FromTree(changed, folder, []);
            problems.AddRange(point.CheckReferences(backend).Select(problem => Locate(problem, changed)));
            return point with { Workload = Shared(point.Workload), System = Located(point.System) };
        }
        catch (InvalidInputException exception)
        {
            problems.AddRange(exception.Problems);
            return null;
        }
    }

    /// <summary>One object for all points of the same workload, so that what is made of it can be shared.</summary>
    private Workload Shared(Workload workload)
    {
        string json = workload.ToCanonicalJson();
        return workloads.TryGetValue(json, out Workload? known) ? known : workloads[json] = workload;
    }

    /// <summary>A system whose files are found from the current folder. The experiment names them relative to its own.</summary>
    private ServingSystem Located(ServingSystem system) => experiment.Folder is not { } home ? system : system with
    {
        Cluster = system.Cluster is { } cluster ? Path.Combine(home, cluster) : null,
        Policy = system.Policy is { } policy && DocumentCatalog.IsPath(policy) ? Path.Combine(home, policy) : system.Policy,
    };

    /// <summary>
    /// The paths in the workload that overrides, settings or axes set, without model and SLO, which have names of their own.
    /// </summary>
    private IEnumerable<string> WorkloadChanges(IReadOnlyList<AxisStep> steps)
    {
        const string Section = "workload.";
        string[] named = [Section + "model", Section + "slo", Section + "name", Section + "seed"];
        return experiment.Overrides.Keys
            .Concat(settings.Select(PointSettings.PathOf).OfType<string>())
            .Concat(steps.SelectMany(step => step.Changes).Select(change => change.Path))
            .Where(path => path.StartsWith(Section, StringComparison.Ordinal) && !named.Contains(path))
            .Select(path => path[Section.Length..])
            .Distinct();
    }

    private static Problem Locate(Problem problem, DocumentTree tree)
    {
        DocumentOrigin origin = tree.OriginOf(problem.Place);
        return problem.File is null ? problem with { File = origin.File, Line = origin.Line } : problem;
    }

    private IEnumerable<OperatingPoint> Repeat(OperatingPoint point, IReadOnlyList<AxisStep> steps)
    {
        Dictionary<string, JsonNode?> coordinates = steps.SelectMany(step => step.Coordinates).ToDictionary();
        string id = PointId.Of(experiment.Name, coordinates);
        if (!usedIds.Add(id))
        {
            // Two coordinates can differ only in characters that a folder name cannot hold.
            id = PointId.Disambiguate(id, coordinates);
            usedIds.Add(id);
        }

        string[] changes = [.. WorkloadChanges(steps)];
        for (int repetition = 0; repetition < experiment.Repetitions; repetition++)
        {
            yield return point with
            {
                Coordinates = coordinates,
                Repetition = repetition,
                Id = experiment.Repetitions == 1 ? id : $"{id}_r{repetition}",
                Place = new ExperimentPoint
                {
                    Experiment = experiment.Name,
                    Artifact = experiment.Artifact,
                    Coordinates = coordinates,
                    WorkloadChanges = changes,
                    Repetition = repetition,
                },
            };
        }
    }
}
