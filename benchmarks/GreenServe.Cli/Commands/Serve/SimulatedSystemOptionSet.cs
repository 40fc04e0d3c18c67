using System.CommandLine;
using GreenServe.Cli.Commands.Run;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;

namespace GreenServe.Cli.Commands.Serve;

/// <summary>The options that choose a simulated system without a workload: model, hardware, engine and knobs.</summary>
internal sealed class SimulatedSystemOptionSet
{
    private readonly Option<string> model = new("--model")
    {
        Description = "Model to simulate: a name or a file.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "llama-2-70b",
    };

    private readonly SystemOptionSet system = new();

    internal void AddTo(Command command)
    {
        command.Add(model);
        system.AddTo(command);
    }

    /// <summary>The simulated system that the options describe.</summary>
    /// <exception cref="InvalidInputException">Every reason why the system cannot be simulated.</exception>
    internal SimulatedSystem Read(ParseResult parsed)
    {
        ServingSystem served = system.System(parsed);
        Knobs allGpus = new() { TensorParallelism = served.GpuCount };
        (ServingSystem asked, Knobs knobs) = PointSettings.Apply(served, allGpus, system.Settings(parsed));
        return SimulatedSystem.For(asked, ModelCatalog.Read(parsed.GetRequiredValue(model), folder: null), knobs);
    }
}
