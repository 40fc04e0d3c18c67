using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose an operating point: model, hardware, engine and knobs.</summary>
internal sealed class PointOptionSet
{
    private readonly Option<string?> model = new("--model")
    {
        Description = "The model: a name, a file, or the name that the server knows it by. "
            + "Default: the workload's model, or the one that the server serves.",
        HelpName = "NAME",
    };

    private readonly SystemOptionSet system = new();

    internal void AddTo(Command command, OptionUses uses)
    {
        command.Add(model);
        system.AddTo(command, uses);
    }

    /// <summary>The model as the user named it; <c>null</c> if the user named none.</summary>
    internal string? ModelName(ParseResult parsed) => parsed.GetValue(model);

    /// <summary>The operating point asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="backends">The options that chose what serves.</param>
    /// <param name="chosen">The kind of server that serves.</param>
    /// <exception cref="InvalidInputException">A setting cannot be used, or the server does not use it.</exception>
    internal OperatingPoint Point(ParseResult parsed, Workload workload, BackendOptionSet backends, ServerKinds chosen)
    {
        system.RequireUsed(parsed, chosen);
        Workload asked = ModelName(parsed) is { } name ? workload with { Model = name } : workload;
        string[] settings = system.Settings(parsed);
        return chosen switch
        {
            ServerKinds.BuiltInEngine => OperatingPoint.Of(asked, EngineSystem(parsed), EngineKnobs(parsed), settings),

            // The file of a cluster names hardware, engines and knobs.
            ServerKinds.SimulatedCluster =>
                OperatingPoint.Of(asked, backends.Served(parsed, new ServingSystem()), new Knobs(), settings),

            // Of a foreign server only that is known which the user states.
            ServerKinds.RunningServer or ServerKinds.StartedServer =>
                OperatingPoint.Of(asked, system.System(parsed), new Knobs(), settings),
            _ => OperatingPoint.Of(asked, system.System(parsed), system.AllGpus(parsed), settings),
        };
    }

    /// <summary>The built-in engine shards a model only if more than one accelerator is asked for.</summary>
    private Knobs EngineKnobs(ParseResult parsed) =>
        system.NamedGpuCount(parsed) is { } count ? new Knobs { TensorParallelism = count } : new Knobs();

    /// <summary>The built-in engine runs on this machine: on its processor unless an accelerator is named.</summary>
    private ServingSystem EngineSystem(ParseResult parsed) => new()
    {
        Gpu = system.NamedGpu(parsed) ?? EngineArguments.Cpu,
        GpuCount = system.NamedGpuCount(parsed) ?? 1,
        Engine = EngineArguments.EngineName,
    };
}
