using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation;

/// <summary>Makes the simulated system that corresponds to the one a run record was measured on.</summary>
internal static class RecordedSystem
{
    /// <summary>Every reason why there is no such system; empty if there is one.</summary>
    /// <param name="record">The record.</param>
    /// <param name="gpu">Accelerator instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <param name="engine">Engine profile instead of the record's, by name or file; <c>null</c> for the record's.</param>
    internal static IReadOnlyList<Problem> Check(RunRecord record, string? gpu, string? engine)
    {
        List<Problem> problems = [];
        if (ModelCatalog.Find(record.Manifest.Model) is null)
        {
            problems.Add(new Problem(
                "$.model",
                $"unknown model '{record.Manifest.Model}'",
                $"one of {string.Join(", ", ModelCatalog.Names)}",
                record.Folder));
        }

        if (gpu is null && Gpu(record) is null)
        {
            string found = string.Join(", ", GpuNames(record).Select(name => $"'{name}'"));
            problems.Add(new Problem(
                "$.system.gpu",
                found.Length > 0 ? $"unknown GPU {found}" : "no GPU named",
                "a known accelerator, or --gpu",
                record.Folder));
        }

        if (engine is null && (record.Manifest.System is not { } system || EngineCatalog.TryFind(system.Engine) is null))
        {
            string found = record.Manifest.System is { } named ? $"no profile for the engine '{named.Engine}'" : "no engine named";
            problems.Add(new Problem("$.system.engine", found, "a known engine, or --engine", record.Folder));
        }

        Knobs knobs = record.Manifest.Knobs;
        foreach ((string name, bool isKnown) in new[]
            { ("tensor_parallelism", knobs.TensorParallelism is not null), ("precision", knobs.Precision is not null) })
        {
            if (!isKnown)
            {
                problems.Add(new Problem(
                    $"$.knobs.{name}", $"no {name} stated", $"the server's, which --set {name}=VALUE of the run states", record.Folder));
            }
        }

        return problems;
    }

    /// <summary>The system of a record. <see cref="Check"/> must have found no problem.</summary>
    /// <param name="record">The record.</param>
    /// <param name="gpu">Accelerator instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <param name="engine">Engine profile instead of the record's, by name or file; <c>null</c> for the record's.</param>
    internal static SimulatedSystem Of(RunRecord record, string? gpu, string? engine)
    {
        Knobs knobs = record.Manifest.Knobs;
        int gpus = (knobs.TensorParallelism ?? 1) * (knobs.PipelineParallelism ?? 1);
        EngineProfile profile = EngineCatalog.Find(engine ?? record.Manifest.System!.Engine);
        return new SimulatedSystem
        {
            Model = ModelCatalog.Find(record.Manifest.Model)!,
            Gpu = gpu is null ? profile.AcceleratorFor(Gpu(record)!) : GpuCatalog.Find(gpu),
            GpuCount = Math.Max(record.Manifest.System?.GpuCount ?? 1, gpus),
            Engine = profile,
            Host = record.Manifest.Environment.HostSpeed,
            Knobs = knobs,
        };
    }

    private static GpuDefinition? Gpu(RunRecord record) =>
        GpuNames(record).Select(GpuCatalog.TryFind).FirstOrDefault(gpu => gpu is not null);

    /// <summary>The name of the accelerator that the run was given, then the names that the driver reports.</summary>
    private static IEnumerable<string> GpuNames(RunRecord record)
    {
        IEnumerable<string> seen = record.Manifest.Environment.Gpus.Select(line => line.Split(" (", 2)[0].Trim());
        return record.Manifest.System is { } system ? seen.Prepend(system.Gpu).Distinct() : seen.Distinct();
    }
}
