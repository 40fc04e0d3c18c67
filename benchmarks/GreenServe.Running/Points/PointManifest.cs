using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running.Points;

/// <summary>What a run record says of its operating point, whatever serves it.</summary>
internal static class PointManifest
{
    /// <summary>The manifest of a run that has not completed: its verdict is that it was interrupted.</summary>
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
        Verdict = RunVerdict.Interrupted,
    };
}

/// <summary>Where the numbers of a run come from.</summary>
/// <param name="Backend">What serves.</param>
/// <param name="Model">The model by the name that the backend gives it.</param>
/// <param name="Evidence">Whether the run is simulated or measured.</param>
/// <param name="Environment">The host and the server.</param>
internal sealed record RunSource(BackendKind Backend, string Model, EvidenceKind Evidence, RunEnvironment Environment);
