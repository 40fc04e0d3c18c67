using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Search.Advising.Findings;

/// <summary>Reads run records and finds those that served the workload of an advice on a system of its grid.</summary>
/// <remarks>
/// Requests, arrivals, lengths and classes must be those of the advice; length of the run, seed, name and SLO need not. Records are held
/// against the SLO of the advice. What does not match is counted and named, never dropped in silence.
/// </remarks>
/// <param name="reference">The manifest of a simulated run of the advice, for its workload and SLO.</param>
/// <param name="systems">Settings with every model, accelerator and engine of the grid.</param>
/// <param name="systemOf">The simulated instance of a setting.</param>
public sealed class MeasuredRecords(
    RunManifest reference, IReadOnlyList<ServingSetting> systems, Func<ServingSetting, SimulatedSystem> systemOf)
{
    /// <summary>Parts of a workload that may differ: they change neither what is asked nor how fast it comes.</summary>
    private static readonly string[] NotCompared =
        ["name", "purpose", "source", "seed", "slo", "model", "requests", "duration_seconds", "warm_up_seconds"];

    /// <summary>Reads the records in or below folders.</summary>
    /// <param name="folders">The folders.</param>
    /// <exception cref="InvalidInputException">A folder is missing or holds no record, or a record is damaged.</exception>
    public MeasuredSettings Read(IReadOnlyList<string> folders) =>
        folders.Count == 0 ? MeasuredSettings.None : Of(RunRecord.ReadAll(folders));

    internal MeasuredSettings Of(IEnumerable<RunRecord> records)
    {
        List<(ServingSetting Setting, RunMetrics Run)> used = [];
        List<string> refused = [];
        int withoutEngine = 0;
        foreach (RunRecord record in records)
        {
            if (Refusal(record.Manifest) is { } reason)
            {
                refused.Add(reason);
                continue;
            }

            RunMetrics run = RunMetrics.Of(record.WithSlo(reference.Slo));
            if (!run.IsValid)
            {
                refused.Add("INVALID");
                continue;
            }

            withoutEngine += record.Manifest.System is null ? 1 : 0;
            used.Add((SettingOf(record.Manifest), run));
        }

        return new MeasuredSettings
        {
            Settings =
            [
                .. used.GroupBy(item => (SettingKey.Of(item.Setting, systemOf), item.Run.Manifest.Evidence))
                    .Select(group => new SettingRuns(group.First().Setting, [.. group.Select(item => item.Run)])),
            ],
            Notes =
            [
                .. refused.GroupBy(reason => reason, StringComparer.Ordinal)
                    .Select(group => $"{Records(group.Count())} not used: {group.Key}."),
                .. withoutEngine == 0 ? Array.Empty<string>() :
                [
                    $"{Records(withoutEngine)} taken to be of the engine {systems[0].Engine}, because they name none.",
                ],
            ],
        };
    }

    /// <summary>Why a record is not used; <c>null</c> where it is.</summary>
    private string? Refusal(RunManifest manifest)
    {
        if (manifest.Evidence == EvidenceKind.Simulated)
        {
            return "simulated";
        }

        if (manifest.Policy is not null)
        {
            return "a policy changed the knobs";
        }

        if (DocumentDifference.Of(reference.Workload, manifest.Workload, NotCompared).Select(difference => difference.Path)
            .FirstOrDefault() is { } path)
        {
            return $"another workload ({path[2..]} differs)";
        }

        return systems.All(system => systemOf(system).Model.Name != manifest.Model) ? $"another model ({Shown(manifest.Model)})"
            : systems.All(system => !IsOn(manifest, system)) ? $"another GPU ({Shown(GpusOf(manifest).FirstOrDefault() ?? "not known")})"
            : SystemFor(manifest) is null ? $"another engine ({Shown(manifest.System?.Engine ?? "not known")})"
            : null;
    }

    private ServingSetting? SystemFor(RunManifest manifest) => systems.FirstOrDefault(system =>
        systemOf(system).Model.Name == manifest.Model
        && IsOn(manifest, system)
        && (manifest.System is null || IsOfEngine(manifest.System.Engine, system)));

    private ServingSetting SettingOf(RunManifest manifest) => SystemFor(manifest)! with
    {
        Knobs = manifest.Knobs with { TensorParallelism = manifest.Knobs.TensorParallelism ?? manifest.GpusUsed },
        Replicas = 1,
        PrefillReplicas = 0,
        CachesPrefixes = null,
    };

    private bool IsOfEngine(string engine, ServingSetting system) =>
        engine == system.Engine || EngineCatalog.TryFind(engine)?.Name == systemOf(system).Engine.Name;

    /// <summary>Whether a record was made on the accelerator of a system, which an engine may describe by a profile of its own.</summary>
    private bool IsOn(RunManifest manifest, ServingSetting system)
    {
        SimulatedSystem simulated = systemOf(system);
        return GpusOf(manifest).Any(name => name == system.Gpu || name == simulated.Gpu.Name
            || (GpuCatalog.TryFind(name) is { } gpu && simulated.Engine.AcceleratorFor(gpu).Name == simulated.Gpu.Name));
    }

    /// <summary>The name of the accelerator that the run was given, then those that the driver reports.</summary>
    private static IEnumerable<string> GpusOf(RunManifest manifest)
    {
        IEnumerable<string> seen = manifest.Environment.Gpus.Select(line => line.Split(" (", 2)[0].Trim());
        return manifest.System is { } system ? seen.Prepend(system.Gpu) : seen;
    }

    private static string Shown(string text) => ShownText.OneLine(text, 80);

    private static string Records(int count) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? "record was" : "records were")}";
}
