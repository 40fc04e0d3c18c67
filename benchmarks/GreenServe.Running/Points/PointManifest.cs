using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>Makes the manifest of a run from its operating point, for every backend.</summary>
internal static class PointManifest
{
    /// <summary>The manifest of a run that is not complete. Its verdict is INVALID (interrupted).</summary>
    internal static RunManifest Of(OperatingPoint point, RequestSchedule schedule, RunSource source) => new()
    {
        WorkloadName = point.Workload.Name,
        Workload = DocumentContract.ToNode(point.Workload)!,
        WorkloadSha256 = point.Workload.ComputeSha256(),
        Model = source.Model,
        Knobs = point.Knobs,
        System = point.System,
        Backend = source.Backend,
        Evidence = source.Evidence,
        Environment = source.Environment,
        Seed = point.Seed,
        WarmUpSeconds = schedule.WarmUpSeconds,
        Concurrency = schedule.Concurrency,
        Classes = point.Workload.Classes,
        Slo = point.Workload.Slo,
        Experiment = point.Place,
        Sessions = schedule.VaryingSessions,
        Notes = schedule.Notes,
        Definition = point.Definition?.DeepClone(),
        Verdict = RunVerdict.Interrupted,
    };
}

/// <summary>The origin of the numbers of a run.</summary>
/// <param name="Backend">The kind of backend that serves the requests.</param>
/// <param name="Model">The name that the backend gives the model.</param>
/// <param name="Evidence">Whether the run is simulated or measured.</param>
/// <param name="Environment">The host and the server.</param>
internal sealed record RunSource(BackendKind Backend, string Model, EvidenceKind Evidence, RunEnvironment Environment);
