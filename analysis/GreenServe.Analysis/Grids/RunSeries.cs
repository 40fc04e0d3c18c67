using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Grids;

/// <summary>
/// Decides which runs are repetitions of each other: the same system served the same workload at the same operating point.
/// </summary>
internal static class RunSeries
{
    // Enough that two workloads or policies of one name do not meet by chance; histories on disk carry as many.
    private const int DigestDigits = 8;

    /// <summary>
    /// Evidence, system, policy, model, precision, workload with a digest of what it asks, knobs and grid point, in words.
    /// </summary>
    internal static string NameOf(ExperimentRun run)
    {
        RunManifest manifest = run.Metrics.Manifest;
        Knobs knobs = manifest.Knobs;
        string?[] parts =
        [
            EnumText.Of(manifest.Evidence),
            run.System,
            PolicyOf(manifest),
            manifest.Model,
            knobs.Precision is null ? $"precision {KnobText.NotStated}" : KnobText.Precision(knobs),
            $"{manifest.WorkloadName} #{Digest(manifest.Workload.AsObject())}",
            $"TP {KnobText.TensorParallelism(knobs)}",
            knobs.GpuClockMegahertz is { } clock ? string.Create(CultureInfo.InvariantCulture, $"{clock} MHz") : null,
            knobs.PowerCapWatts is { } cap ? string.Create(CultureInfo.InvariantCulture, $"{cap} W cap") : null,
            string.Join(", ", run.Coordinates.Select(pair => $"{pair.Key} {pair.Value?.ToString() ?? "none"}")),
        ];
        return string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>The policy, with a digest of its parameters where they are known; <c>null</c> where none controlled the run.</summary>
    private static string? PolicyOf(RunManifest manifest) => manifest.Policy is { Definition: JsonObject parameters } policy
        ? $"{policy.Name} #{Digest(parameters)}"
        : manifest.Policy?.Name;

    /// <summary>
    /// The first digits of a hash of what is asked, without seed and descriptions. A workload or a policy that was changed begins a new
    /// series.
    /// </summary>
    private static string Digest(JsonObject document)
    {
        JsonObject asked = document.DeepClone().AsObject();
        foreach (string name in OperatingPointRuns.NotCompared)
        {
            asked.Remove(name);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked.ToJsonString())))[..DigestDigits];
    }
}
