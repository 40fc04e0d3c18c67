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
    /// <param name="stated">What the user states in place of the record.</param>
    internal static IReadOnlyList<Problem> Check(RunRecord record, StatedSystem stated)
    {
        List<Problem> problems = [];
        if (stated.Model is null && ModelCatalog.Find(record.Manifest.Model) is null)
        {
            problems.Add(new Problem(
                "$.model",
                $"unknown model '{record.Manifest.Model}'",
                $"one of {string.Join(", ", ModelCatalog.Names)}, or --model",
                record.Folder));
        }

        if (stated.Gpu is null && Gpu(record) is null)
        {
            string found = string.Join(", ", GpuNames(record).Select(name => $"'{name}'"));
            problems.Add(new Problem(
                "$.system.gpu",
                found.Length > 0 ? $"unknown GPU {found}" : "no GPU named",
                "a known accelerator, or --gpu",
                record.Folder));
        }

        if (stated.Engine is null && (record.Manifest.System is not { } system || EngineCatalog.TryFind(system.Engine) is null))
        {
            string found = record.Manifest.System is { } named ? $"no profile for the engine '{named.Engine}'" : "no engine named";
            problems.Add(new Problem("$.system.engine", found, "a known engine, or --engine", record.Folder));
        }

        Knobs knobs = stated.Fill(record.Manifest.Knobs);
        foreach ((string name, bool isKnown) in new[]
            { ("tensor_parallelism", knobs.TensorParallelism is not null), ("precision", knobs.Precision is not null) })
        {
            if (!isKnown)
            {
                problems.Add(new Problem(
                    $"$.knobs.{name}", $"no {name} stated", $"the server's, as --set {name}=VALUE", record.Folder));
            }
        }

        return problems;
    }

    /// <summary>The system of a record. <see cref="Check"/> must have found no problem.</summary>
    /// <param name="record">The record.</param>
    /// <param name="stated">What the user states in place of the record.</param>
    internal static SimulatedSystem Of(RunRecord record, StatedSystem stated)
    {
        Knobs knobs = stated.Fill(record.Manifest.Knobs);
        int gpus = (knobs.TensorParallelism ?? 1) * (knobs.PipelineParallelism ?? 1);
        EngineProfile profile = EngineCatalog.Find(stated.Engine ?? record.Manifest.System!.Engine);
        return new SimulatedSystem
        {
            Model = stated.Model is { } model ? ModelCatalog.Read(model) : ModelCatalog.Find(record.Manifest.Model)!,
            Gpu = stated.Gpu is { } gpu ? GpuCatalog.Find(gpu) : profile.AcceleratorFor(Gpu(record)!),
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
