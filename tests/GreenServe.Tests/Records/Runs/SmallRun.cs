using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Tests.Records.Runs;

/// <summary>The smallest run that a record can describe.</summary>
internal static class SmallRun
{
    /// <summary>The manifest of the smallest run that a record can describe.</summary>
    internal static RunManifest Manifest() => new()
    {
        WorkloadName = "test",
        Workload = JsonNode.Parse("""{"name":"test"}""")!,
        WorkloadSha256 = new string('0', 64),
        Model = "model",
        Knobs = new Knobs { TensorParallelism = 2 },
        Backend = BackendKind.Simulated,
        Evidence = EvidenceKind.Simulated,
        Environment = RunEnvironment.Virtual(),
        Seed = 1,
        Verdict = RunVerdict.Valid,
    };
}
