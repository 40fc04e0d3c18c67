using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Running;

/// <summary>
/// What the points of a sweep are made of: schedules, models, systems, clusters, policies and the hashes of their files. Points that name
/// the same share it, and each is read or drawn once.
/// </summary>
/// <remarks>The type is thread-safe. Two points that need the same document at the same moment may both read it.</remarks>
internal sealed class PointInputs
{
    private readonly ScheduleCache schedules = new();
    private readonly ConcurrentDictionary<(string Name, string? Folder), ModelDefinition> models = [];
    private readonly ConcurrentDictionary<(ServingSystem System, ModelDefinition Model), SimulatedSystem> systems = [];
    private readonly ConcurrentDictionary<(string File, string Changes, ModelDefinition Model), ClusterDefinition> clusters = [];
    private readonly ConcurrentDictionary<(string File, string Changes), ClusterFile> clusterFiles = [];
    private readonly ConcurrentDictionary<(string Name, string Changes), PolicyDefinition> policies = [];
    private readonly ConcurrentDictionary<(RequestClassCuts Classes, SimulatedSystem System), IReadOnlyList<IsolatedLatency>> isolated = [];
    private readonly ConcurrentDictionary<object, string> documentHashes = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, FileHash> fileHashes = [];

    /// <summary>The points in an order in which those with the same schedule follow each other, so that few schedules are kept.</summary>
    internal static IReadOnlyList<OperatingPoint> InOrderOfSchedules(IReadOnlyList<OperatingPoint> points) =>
        [.. points.GroupBy(point => (point.Workload, point.Repetition)).SelectMany(group => group)];

    /// <summary>The schedule of a point.</summary>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    internal RequestSchedule ScheduleOf(OperatingPoint point) => ScheduleOf(point.Workload, point.Repetition);

    /// <summary>The requests of a repetition of a workload.</summary>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    internal RequestSchedule ScheduleOf(Workload workload, int repetition) => schedules.For(workload, repetition);

    /// <summary>The model that a point's workload names.</summary>
    /// <exception cref="InvalidInputException">There is no such model, or its file is not valid.</exception>
    internal ModelDefinition ModelOf(OperatingPoint point) =>
        models.GetOrAdd((point.Workload.Model, point.Workload.Folder), key => ModelCatalog.Read(key.Name, key.Folder));

    /// <summary>The simulated instance of a point.</summary>
    /// <exception cref="InvalidInputException">Its model, accelerator or engine is not known.</exception>
    internal SimulatedSystem SystemOf(OperatingPoint point) => SystemOf(point.System, ModelOf(point), point.Knobs);

    /// <summary>A simulated instance.</summary>
    /// <param name="system">Names of the accelerator and the engine.</param>
    /// <param name="model">The model that is served.</param>
    /// <param name="knobs">The knobs.</param>
    /// <exception cref="InvalidInputException">The accelerator or the engine is not known.</exception>
    internal SimulatedSystem SystemOf(ServingSystem system, ModelDefinition model, Knobs knobs) =>
        systems.GetOrAdd((system, model), key => SimulatedSystem.For(key.System, key.Model, new Knobs())) with { Knobs = knobs };

    /// <summary>The cluster of a point, which serves the point's model.</summary>
    /// <param name="point">A point whose system names the file of a cluster.</param>
    /// <exception cref="InvalidInputException">The file is not valid, or names an accelerator or engine that is not known.</exception>
    internal ClusterDefinition ClusterOf(OperatingPoint point) =>
        clusters.GetOrAdd(
            (point.System.Cluster!, TextOf(point.System.ClusterChanges), ModelOf(point)),
            key => ClusterFileOf(point).For(key.Model));

    /// <summary>The policy that controls the cluster of a point; <c>null</c> for none.</summary>
    /// <exception cref="InvalidInputException">There is no such policy, or its file is not valid.</exception>
    internal PolicyDefinition? PolicyOf(OperatingPoint point) =>
        point.System.Policy is { } policy
            ? policies.GetOrAdd(
                (policy, TextOf(point.System.PolicyChanges)), key => PolicyCatalog.Find(key.Name, point.System.PolicyChanges))
            : null;

    private ClusterFile ClusterFileOf(OperatingPoint point) => clusterFiles.GetOrAdd(
        (point.System.Cluster!, TextOf(point.System.ClusterChanges)),
        key => ClusterFile.Read(key.File, point.System.ClusterChanges));

    private static string TextOf(JsonNode? changes) => changes?.ToJsonString() ?? "";

    /// <summary>Latencies of a typical request of each class that a system serves alone.</summary>
    internal IReadOnlyList<IsolatedLatency> IsolatedOn(SimulatedSystem system, RequestClassCuts classes) =>
        isolated.GetOrAdd((classes, system), key => SimulatedRun.Isolated(key.Classes, key.System));

    /// <summary>
    /// The latencies that the slowdown limits of a point's SLO are multiples of; empty where its SLO has no such limits.
    /// </summary>
    /// <param name="point">The point.</param>
    /// <param name="system">The system that serves it. Its highest clock and its own power cap count.</param>
    internal IReadOnlyList<IsolatedLatency> IsolatedOf(OperatingPoint point, SimulatedSystem system)
    {
        if (point.Workload.Slo is not { } slo || slo.Limits.All(limit => limit.IsolatedMultiple is null))
        {
            return [];
        }

        SimulatedSystem reference = slo.Reference is { } other
            ? SystemOf(other, system.Model, new Knobs { TensorParallelism = other.GpuCount })
            : system with { Knobs = system.Knobs with { GpuClockMegahertz = null, PowerCapWatts = null } };
        return IsolatedOn(reference, point.Workload.Classes);
    }

    /// <summary>SHA-256 of the canonical JSON of a document that this object gave.</summary>
    internal string HashOf<T>(T document)
        where T : class =>
        documentHashes.GetOrAdd(document, _ => Sha256(Encoding.UTF8.GetBytes(DocumentContract.Canonical(document))));

    /// <summary>SHA-256 of the text of a point's trace.</summary>
    /// <exception cref="InvalidInputException">The file does not exist, or has changed since an earlier point used it.</exception>
    internal string TraceHashOf(OperatingPoint point, TraceSource trace) =>
        HashOfFile(TraceFile.Locate(trace, point.Workload.Folder), TraceFile.ComputeSha256);

    /// <summary>SHA-256 of a file that belongs to a point's dataset: its text, or its tokenizer.</summary>
    /// <exception cref="InvalidInputException">The file does not exist, or has changed since an earlier point used it.</exception>
    internal string DatasetHashOf(OperatingPoint point, string file) =>
        HashOfFile(DatasetFile.Locate(file, point.Workload.Folder), DatasetFile.ComputeSha256);

    /// <summary>SHA-256 of the file of a cluster.</summary>
    /// <exception cref="InvalidInputException">The file has changed since an earlier point used it.</exception>
    internal string ClusterHashOf(string file) => HashOfFile(file, path => Sha256(File.ReadAllBytes(path)));

    /// <summary>
    /// SHA-256 of the SHA-256 of the files that the file of a point's cluster names: grid signals, accelerators, engines and models;
    /// <c>null</c> where it names none.
    /// </summary>
    /// <exception cref="InvalidInputException">A file does not exist, or has changed since an earlier point used it.</exception>
    internal string? ClusterInputsHashOf(OperatingPoint point)
    {
        string[] hashes = [.. ClusterFileOf(point).Paths.Select(ClusterHashOf)];
        return hashes.Length == 0 ? null : Sha256(Encoding.UTF8.GetBytes(string.Join('\n', hashes)));
    }

    /// <summary>
    /// The hash of a file, taken again only if the file was written since. Other content is refused: points share what was read of the file
    /// before, and their records would name what they did not use.
    /// </summary>
    private string HashOfFile(string path, Func<string, string> compute)
    {
        DateTime written = File.GetLastWriteTimeUtc(path);
        FileHash known = fileHashes.GetOrAdd(path, key => new FileHash(written, compute(key)));
        if (known.Written == written)
        {
            return known.Sha256;
        }

        FileHash now = new(written, compute(path));
        fileHashes[path] = now.Sha256 == known.Sha256 ? now : known;
        return now.Sha256 == known.Sha256
            ? known.Sha256
            : throw new InvalidInputException(new Problem(
                "file", "other content than when the sweep began", "a file that stays as it is while its points run", path));
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The hash of a file as it was at a time.</summary>
    private sealed record FileHash(DateTime Written, string Sha256);
}
