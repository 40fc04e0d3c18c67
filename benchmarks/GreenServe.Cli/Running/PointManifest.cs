using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Cli.Running;

/// <summary>What a run record says of its operating point, whatever serves it.</summary>
internal static class PointManifest
{
    internal static RunManifest Of(OperatingPoint point, RequestSchedule schedule, BackendKind backend, string model, EvidenceKind evidence, RunEnvironment environment) => new()
    {
        WorkloadName = point.Workload.Name,
        Workload = DocumentContract.ToNode(point.Workload)!,
        WorkloadSha256 = point.Workload.ComputeSha256(),
        Model = model,
        Knobs = point.Knobs,
        System = point.System,
        Backend = backend,
        Evidence = evidence,
        Environment = environment,
        Seed = point.Seed,
        WarmUpSeconds = schedule.WarmUpSeconds,
        Concurrency = schedule.Concurrency,
        Classes = point.Workload.Classes,
        Slo = point.Workload.Slo,
        Experiment = point.Place,
        Verdict = RunVerdict.Interrupted,
    };
}
