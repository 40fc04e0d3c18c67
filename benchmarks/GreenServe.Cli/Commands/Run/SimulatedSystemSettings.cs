using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose a simulated system: model, hardware, engine and knobs.</summary>
internal sealed class SimulatedSystemSettings
{
    private readonly Option<string> model = new("--model")
    {
        Description = "Model to simulate, by name or file.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "llama-2-70b",
    };

    private readonly Option<string> gpu = new("--gpu")
    {
        Description = $"Simulated accelerator: {string.Join(", ", GpuCatalog.All.Select(item => item.Name))}, or a file.",
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
        Description = "A knob, for example gpu_clock_megahertz=1400; may be repeated. Default: tensor_parallelism = all GPUs, the highest clock.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[] { model, gpu, gpuCount, engine, settings })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">Every reason why it cannot be simulated.</exception>
    internal SimulatedSystem Read(ParseResult parsed)
    {
        int gpus = parsed.GetValue(gpuCount);
        if (gpus is < 1 or > 64)
        {
            throw new InvalidInputException(new Problem(gpuCount.Name, gpus, "a whole number in [1, 64]"));
        }

        ServingSystem hardware = new() { Gpu = parsed.GetRequiredValue(gpu), GpuCount = gpus, Engine = parsed.GetRequiredValue(engine) };
        return SimulatedSystem.For(hardware, ModelCatalog.Read(parsed.GetRequiredValue(model), folder: null), Knobs(parsed, gpus));
    }

    private Knobs Knobs(ParseResult parsed, int gpus)
    {
        DocumentTree tree = DocumentTree.Of(null, settings.Name).With("tensor_parallelism", gpus);
        foreach (string setting in parsed.GetRequiredValue(settings))
        {
            string[] parts = setting.Split('=', 2);
            if (parts.Length != 2)
            {
                throw new InvalidInputException(new Problem(settings.Name, setting, "KNOB=VALUE"));
            }

            tree = tree.With(parts[0], DocumentTree.Parse(parts[1], settings.Name).Root);
        }

        return tree.Bind<Knobs>();
    }
}
