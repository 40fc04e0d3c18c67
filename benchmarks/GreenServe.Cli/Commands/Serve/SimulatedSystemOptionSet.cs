using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
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
    private readonly OptionUses uses = new();

    internal void AddTo(Command command)
    {
        uses.Add(command, ServerKinds.SimulatedEngine, model);
        system.AddTo(command, uses);
    }

    /// <summary>Throws if the user describes a system although the server sends tokens at fixed times.</summary>
    /// <exception cref="InvalidInputException">Every option that then has no effect.</exception>
    internal void RequireNone(ParseResult parsed)
    {
        Problem[] problems = [.. uses.Given(parsed).Select(option => new Problem(
            option.Name, "it with --fixed-gap or --fixed-first-token", "one of the two: a server with fixed times simulates no system"))];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    /// <summary>The simulated system that the options describe.</summary>
    /// <exception cref="InvalidInputException">Every reason why the system cannot be simulated.</exception>
    internal SimulatedSystem Read(ParseResult parsed)
    {
        ServingSystem served = system.System(parsed);
        (ServingSystem asked, Knobs knobs) = PointSettings.Apply(served, system.AllGpus(parsed), system.Settings(parsed));
        return SimulatedSystem.For(asked, ModelCatalog.Read(parsed.GetRequiredValue(model), folder: null), knobs);
    }
}
