using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;

namespace GreenServe.Tests.Search.Advising;

/// <summary>Advices with the settings that a test names, and no numbers unless it gives some.</summary>
internal static class TestAdvice
{
    /// <summary>A workload of a few short requests.</summary>
    internal static Workload Workload { get; } = WorkloadCatalog.Read("fixed-closed-loop") with
    {
        Arrival = new ClosedLoopArrival { Concurrency = 8 },
        Requests = 48,
        Model = "llama-3.1-8b",
    };

    /// <summary>A setting of one instance on the fixed GPU and engine.</summary>
    internal static ServingSetting Setting(Knobs? knobs = null) => new()
    {
        Gpu = "H100-80GB-SXM",
        Engine = "vllm-0.11",
        Model = "llama-3.1-8b",
        Knobs = knobs ?? new Knobs(),
    };

    /// <summary>A finalist without numbers.</summary>
    internal static AdvisedSetting Finalist(ServingSetting setting, string words) => new()
    {
        Setting = setting,
        Words = words,
        Evidence = EvidenceKind.Simulated,
        Runs = 1,
        Requests = 1000,
    };

    /// <summary>An advice whose finalists are given, the recommended one first.</summary>
    internal static AdviceDocument Of(Workload workload, params AdvisedSetting[] finalists) => new()
    {
        WorkloadName = workload.Name,
        Workload = DocumentContract.ToNode(workload)!,
        Slo = workload.Slo,
        Objective = AdviceObjective.Joules,
        GpuLimit = 8,
        Search = new AdviceSearch
        {
            Axes = [],
            Settings = finalists.Length,
            Possible = finalists.Length,
            Simulated = finalists.Length,
            Simulations = finalists.Length,
            SimulatedRequests = 0,
            Seconds = 0,
            IsExact = true,
        },
        Finalists = finalists,
    };
}
