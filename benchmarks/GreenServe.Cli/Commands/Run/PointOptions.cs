using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose an operating point: hardware, engine and knobs.</summary>
internal sealed class PointOptions
{
    private readonly Option<BackendKind> backend = new("--backend")
    {
        Description = "What serves: the simulated engine, the built-in engine, or any OpenAI-compatible server (see --endpoint).",
        DefaultValueFactory = _ => BackendKind.Simulated,
    };

    private readonly Option<string?> model = new("--model")
    {
        Description = "Model, by name or file, or by the server's own name. Default: the workload's, or the one the server serves.",
        HelpName = "NAME",
    };

    private readonly Option<string> gpu = new("--gpu")
    {
        Description = $"Accelerator; simulated: {string.Join(", ", GpuCatalog.All.Select(item => item.Name))}, or a file. For the built-in engine the one in this machine; default there: cpu.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "H100-80GB-SXM",
    };

    private readonly Option<int> gpuCount = new("--gpus")
    {
        Description = "Accelerators in the simulated server, 1 to 64.",
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
        Description = $"A knob, for example gpu_clock_megahertz=1400; may be repeated. Knobs: {string.Join(", ", PointSettings.Names)}. "
            + "Default: tensor_parallelism = all GPUs, the highest clock, the device's own power cap. "
            + "With --server they go on its command line; with --endpoint they record what you say it runs with.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { backend, model, gpu, gpuCount, engine, settings })
        {
            command.Add(option);
        }
    }

    /// <summary>What serves.</summary>
    internal BackendKind Backend(ParseResult parsed) => parsed.GetValue(backend);

    /// <summary>What serves, while the command line is being checked.</summary>
    internal BackendKind BackendOf(CommandResult result) => result.GetValue(backend);

    /// <summary>The model as the user named it; <c>null</c> if not named.</summary>
    internal string? ModelName(ParseResult parsed) => parsed.GetValue(model);

    /// <summary>The operating point asked for.</summary>
    internal OperatingPoint Point(ParseResult parsed, Workload workload)
    {
        bool isEngine = Backend(parsed) == BackendKind.Engine;
        ServingSystem system = isEngine ? EngineSystem(parsed) : new()
        {
            Gpu = parsed.GetRequiredValue(gpu),
            GpuCount = parsed.GetValue(gpuCount),
            Engine = parsed.GetRequiredValue(engine),
        };
        Knobs knobs = isEngine ? new Knobs { Precision = EngineArguments.IsCpu(system) ? Precision.Fp32 : Precision.Bf16 }
            : IsUnknownServer(parsed) ? new Knobs()
            : new Knobs { TensorParallelism = system.GpuCount };
        Workload served = parsed.GetValue(model) is { } name ? workload with { Model = name } : workload;
        return OperatingPoint.Of(served, system, knobs, parsed.GetRequiredValue(settings));
    }

    /// <summary>Of a foreign server nothing is known but what the user says: the default of --gpus must not get into its record.</summary>
    private bool IsUnknownServer(ParseResult parsed) =>
        Backend(parsed) == BackendKind.OpenAI && parsed.GetResult(gpuCount) is null or { Implicit: true };

    /// <summary>The built-in engine runs on this machine: on its processor unless an accelerator is named.</summary>
    private ServingSystem EngineSystem(ParseResult parsed) => new()
    {
        Gpu = parsed.GetResult(gpu) is { Implicit: false } ? parsed.GetRequiredValue(gpu) : EngineArguments.Cpu,
        GpuCount = 1,
        Engine = EngineArguments.EngineName,
    };
}
