using System.Collections.Concurrent;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Trials;

/// <summary>Simulates settings with the same requests, in memory, and counts what that took.</summary>
/// <remarks>
/// Two settings that are simulated with the same seed serve the same requests at the same instants (common random numbers), so that their
/// difference has less spread than either. Fewer requests are the first ones of the schedule. The type is thread-safe.
/// </remarks>
/// <param name="workload">The workload, long enough for the finalists.</param>
public sealed class SettingTrials(Workload workload)
{
    private readonly VirtualRuns runs = new();
    private readonly ConcurrentDictionary<(string Model, string Gpu, string Engine, bool? CachesPrefixes), SimulatedSystem> systems = [];
    private readonly ConcurrentDictionary<int, Workload> shortened = [];
    private readonly ConcurrentDictionary<ServingSetting, IReadOnlyList<Problem>> lengthProblems = [];
    private long simulations;
    private long simulatedRequests;

    /// <summary>The workload of a simulation of full length.</summary>
    public Workload Workload => workload;

    /// <summary>
    /// Whether every repetition has the same requests, as those of a trace do. Several runs of them tell no more than one.
    /// </summary>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public bool HasSameRequestsForEverySeed =>
        ScheduleOf(0).Requests.Select(Comparable).SequenceEqual(ScheduleOf(1).Requests.Select(Comparable));

    /// <summary>Simulations so far.</summary>
    public long Simulations => Interlocked.Read(ref simulations);

    /// <summary>Requests of all simulations so far.</summary>
    public long SimulatedRequests => Interlocked.Read(ref simulatedRequests);

    /// <summary>The simulated instance of a setting.</summary>
    /// <exception cref="InvalidInputException">The model, the accelerator or the engine is not known.</exception>
    public SimulatedSystem SystemOf(ServingSetting setting)
    {
        SimulatedSystem system = systems.GetOrAdd(
            (setting.Model, setting.Gpu, setting.Engine, setting.CachesPrefixes),
            key => Make(key.Model, key.Gpu, key.Engine, key.CachesPrefixes));
        return system with { Knobs = setting.Knobs, GpuCount = Math.Max(1, setting.GpusOfInstance) };
    }

    /// <summary>Every reason why a setting cannot exist; empty if it can. Nothing is simulated, and no request is looked at.</summary>
    /// <exception cref="InvalidInputException">The model, the accelerator or the engine is not known.</exception>
    public IReadOnlyList<Problem> CheckSystem(ServingSetting setting) => [.. SystemOf(setting).Check()];

    /// <summary>Every reason why a setting cannot serve the workload; empty if it can. Nothing is simulated.</summary>
    /// <exception cref="InvalidInputException">The model, the accelerator, the engine or the trace is not known.</exception>
    public IReadOnlyList<Problem> Check(ServingSetting setting) => runs.Check(PointOf(setting, workload, repetition: 0), SystemOf(setting));

    /// <summary>
    /// Every reason why a setting that can exist cannot hold the requests of the workload; empty if it can. The answer is the same for all
    /// settings with as much memory.
    /// </summary>
    /// <exception cref="InvalidInputException">The trace is not known.</exception>
    public IReadOnlyList<Problem> CheckLengths(ServingSetting setting) => lengthProblems.GetOrAdd(
        setting with
        {
            Replicas = 1,
            PrefillReplicas = 0,
            Knobs = setting.Knobs with { GpuClockMegahertz = null, PowerCapWatts = null, MaxBatch = null, StepTokens = null },
        },
        key => Check(key));

    /// <summary>The cluster of a setting of several instances; <c>null</c> for a single instance.</summary>
    public ClusterDefinition? ClusterOf(ServingSetting setting)
    {
        if (setting is { Replicas: 1, PrefillReplicas: 0 })
        {
            return null;
        }

        SimulatedSystem system = SystemOf(setting);
        ReplicaRole role = setting.PrefillReplicas > 0 ? ReplicaRole.Decode : ReplicaRole.Whole;
        return new ClusterDefinition
        {
            Replicas =
            [
                .. Enumerable.Repeat(new ClusterReplica { System = system, Role = ReplicaRole.Prefill }, setting.PrefillReplicas),
                .. Enumerable.Repeat(new ClusterReplica { System = system, Role = role }, setting.Replicas),
            ],
        };
    }

    /// <summary>Simulates a setting.</summary>
    /// <param name="setting">The setting. It has no problems by <see cref="Check"/>.</param>
    /// <param name="repetition">Number of the repetition, from 0, which is added to the workload's seed.</param>
    /// <param name="requests">Number of requests from the beginning of the schedule; <c>null</c> for all.</param>
    /// <returns>The metrics of the run, as the analysis of its record would give them.</returns>
    public RunMetrics Run(ServingSetting setting, int repetition = 0, int? requests = null)
    {
        OperatingPoint point = PointOf(setting, requests is { } count ? ShortenedTo(count) : workload, repetition);
        RunRecord record = ClusterOf(setting) is { } cluster ? runs.Run(point, cluster) : runs.Run(point, SystemOf(setting));
        Interlocked.Increment(ref simulations);
        Interlocked.Add(ref simulatedRequests, record.Requests.Count);
        return RunMetrics.Of(record);
    }

    /// <summary>The requests of a repetition.</summary>
    /// <param name="repetition">Number of the repetition, from 0.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public RequestSchedule ScheduleOf(int repetition = 0) => runs.ScheduleOf(workload, repetition);

    /// <summary>The point of a run of a setting.</summary>
    internal static OperatingPoint PointOf(ServingSetting setting, Workload workload, int repetition) => new()
    {
        Workload = workload,
        Knobs = setting.Knobs,
        System = new ServingSystem { Gpu = setting.Gpu, GpuCount = Math.Max(1, setting.GpusOfInstance), Engine = setting.Engine },
        Repetition = repetition,
        Id = workload.Name,
    };

    /// <summary>
    /// The request without its text and its blocks, which each schedule reads into objects of its own. What a prompt shares with others is
    /// compared by its length.
    /// </summary>
    private static ScheduledRequest Comparable(ScheduledRequest request) => request with { Blocks = null, Conversation = null };

    private Workload ShortenedTo(int requests) => shortened.GetOrAdd(
        requests, count => workload with { Requests = Math.Min(count, workload.Requests ?? int.MaxValue) });

    private SimulatedSystem Make(string model, string gpu, string engine, bool? cachesPrefixes)
    {
        ServingSystem system = new() { Gpu = gpu, GpuCount = 1, Engine = engine };
        SimulatedSystem made = SimulatedSystem.For(system, ModelCatalog.Read(model, workload.Folder), new Knobs());
        return cachesPrefixes is { } caches ? made with { Engine = made.Engine with { CachesPrefixes = caches } } : made;
    }
}
