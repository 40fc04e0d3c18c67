using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose hardware, engine and knobs.</summary>
internal sealed class SystemOptionSet
{
    private readonly Option<string> gpu = new("--gpu")
    {
        Description = $"Accelerator: {string.Join(", ", GpuCatalog.All.Select(item => item.Name))}, or a file. "
            + "The built-in engine runs on the one in this machine, and on the processor if none is named.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "H100-80GB-SXM",
    };

    private readonly Option<int> gpuCount = new("--gpus")
    {
        Description = $"Number of accelerators in the simulated server, 1 to {ServingSystem.MaxGpuCount}.",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<string> engine = new("--engine")
    {
        Description = $"Simulated engine: {string.Join(", ", EngineCatalog.All.Select(item => item.Name))}, or a file.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "vllm-2025",
    };

    private readonly Option<string[]> settings = new("--set")
    {
        Description = "Value of a knob, for example gpu_clock_megahertz=1400. May be repeated. "
            + $"Knobs: {string.Join(", ", PointSettings.Names)}. "
            + "Default: tensor parallelism over all GPUs, the highest clock, the device's own power cap. "
            + "With --server the knobs go on the server's command line. With --endpoint they state what the server runs with.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { gpu, gpuCount, engine, settings })
        {
            command.Add(option);
        }
    }

    /// <summary>The accelerator that the user named; <c>null</c> if none was named.</summary>
    internal string? NamedGpu(ParseResult parsed) => parsed.GetResult(gpu) is { Implicit: false } ? parsed.GetRequiredValue(gpu) : null;

    /// <summary>Whether the user stated how many accelerators there are.</summary>
    internal bool NamesGpuCount(ParseResult parsed) => parsed.GetResult(gpuCount) is { Implicit: false };

    /// <summary>Changes of knobs and system as <c>name=value</c>.</summary>
    internal string[] Settings(ParseResult parsed) => parsed.GetRequiredValue(settings);

    /// <summary>Hardware and engine before the settings.</summary>
    /// <exception cref="InvalidInputException">The number of accelerators is out of range.</exception>
    internal ServingSystem System(ParseResult parsed)
    {
        int count = parsed.GetValue(gpuCount);
        return count is < 1 or > ServingSystem.MaxGpuCount
            ? throw new InvalidInputException(new Problem(gpuCount.Name, count, $"a whole number in [1, {ServingSystem.MaxGpuCount}]"))
            : new ServingSystem { Gpu = parsed.GetRequiredValue(gpu), GpuCount = count, Engine = parsed.GetRequiredValue(engine) };
    }
}
