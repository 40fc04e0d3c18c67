using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Experiments;

/// <summary>One value of every knob under one workload: all that a single run needs.</summary>
public sealed record OperatingPoint
{
    /// <summary>The workload, with the seed of repetition 0.</summary>
    public required Workload Workload { get; init; }

    /// <summary>The knobs that the run asks for.</summary>
    public required Knobs Knobs { get; init; }

    /// <summary>Hardware and engine that serve.</summary>
    public required ServingSystem System { get; init; }

    /// <summary>
    /// The point's value on each axis, by the axis's name, in the order of the experiment; empty for a single run.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode?> Coordinates { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Number of the repetition, from 0.</summary>
    public int Repetition { get; init; }

    /// <summary>
    /// Name of the folder of this point's record. It is stable, unique in its experiment, and valid on every file system.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Where the point stands in an experiment; <c>null</c> for a single run.</summary>
    public ExperimentPoint? Place { get; init; }

    /// <summary>
    /// Everything that defines the run of the point besides its workload, for its record; <c>null</c> until the point is given to a server.
    /// </summary>
    public JsonNode? Definition { get; init; }

    /// <summary>Seed of this repetition: the workload's seed plus the number of the repetition.</summary>
    public ulong Seed => Workload.Seed + (ulong)Repetition;

    /// <summary>Builds the schedule of this repetition.</summary>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public RequestSchedule Schedule() => RequestSchedule.For(Workload, Repetition);

    /// <summary>Creates the operating point of a single run.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="system">Hardware and engine before settings.</param>
    /// <param name="knobs">The knobs before settings; <c>null</c> for the defaults.</param>
    /// <param name="settings">
    /// Changes as <c>name=value</c>, for example <c>tensor_parallelism=4</c>, <c>gpu=A100-80GB-SXM</c>, <c>model=llama-2-7b</c> or
    /// <c>workload.requests=100</c>; see <see cref="PointSettings"/>.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// A setting is unknown or out of range; the exception holds every such setting.
    /// </exception>
    public static OperatingPoint Of(Workload workload, ServingSystem system, Knobs? knobs = null, IReadOnlyList<string>? settings = null)
    {
        DocumentTree tree = DocumentTree.Of(new JsonObject
        {
            ["workload"] = DocumentContract.ToNode(workload),
            ["knobs"] = DocumentContract.ToNode(knobs ?? new Knobs()),
            ["system"] = DocumentContract.ToNode(system),
        });
        List<Problem> problems = [];
        DocumentTree changed = PointSettings.Apply(tree, settings ?? [], problems);
        return FromTree(changed, workload.Folder, problems) with { Id = workload.Name };
    }

    /// <summary>Binds a point document whose names of workload and SLO are resolved.</summary>
    internal static OperatingPoint FromTree(DocumentTree tree, string? folder, List<Problem> problems)
    {
        DocumentTree resolved = WorkloadFile.ResolveSlo(tree, "workload.slo", folder, problems);
        PointDocument point = Catalogs.Bindings.Bind<PointDocument>(resolved, problems);
        return new OperatingPoint
        {
            Workload = point.Workload with { Folder = folder },
            Knobs = point.Knobs,
            System = point.System,
            Id = point.Workload.Name,
        };
    }

    /// <summary>
    /// Finds problems that would stop the run later: a missing trace or dataset, or a model that the backend must know and the catalog
    /// lacks.
    /// </summary>
    /// <param name="backend">The backend that is to serve.</param>
    public IEnumerable<Problem> CheckReferences(BackendKind backend)
    {
        if (Workload.Trace is { } trace && ProblemsOf(() => TraceFile.Locate(trace, Workload.Folder)) is { Count: > 0 } traceProblems)
        {
            foreach (Problem problem in traceProblems)
            {
                yield return problem;
            }
        }

        if (Workload.Dataset?.File is { } dataset)
        {
            foreach (Problem problem in ProblemsOf(() => DatasetFile.Locate(dataset, Workload.Folder)))
            {
                yield return problem;
            }
        }

        if (backend == BackendKind.OpenAI)
        {
            yield break;
        }

        foreach (Problem problem in ProblemsOf(() => ModelCatalog.Read(Workload.Model, Workload.Folder)))
        {
            yield return problem.File is null ? problem with { Place = "$.workload.model" } : problem;
        }
    }

    private static IReadOnlyList<Problem> ProblemsOf<T>(Func<T> read) => InvalidInputException.ProblemsOf(() =>
    {
        _ = read();
        return [];
    });
}
