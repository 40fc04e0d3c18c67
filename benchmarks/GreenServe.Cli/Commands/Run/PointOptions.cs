using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose an operating point: backend, model, hardware, engine and knobs.</summary>
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

    private readonly SystemOptionSet system = new();

    internal void AddTo(Command command)
    {
        command.Add(backend);
        command.Add(model);
        system.AddTo(command);
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
        ServingSystem served = isEngine ? EngineSystem(parsed) : system.System(parsed);
        Workload asked = ModelName(parsed) is { } name ? workload with { Model = name } : workload;
        return OperatingPoint.Of(asked, served, isEngine ? EngineKnobs(served) : Knobs(parsed, served), system.Settings(parsed));
    }

    /// <summary>
    /// A simulated system shards a model over all its GPUs unless told otherwise. Of a foreign server nothing is known but what the user
    /// says: the default of --gpus must not get into its record.
    /// </summary>
    private Knobs Knobs(ParseResult parsed, ServingSystem served) => Backend(parsed) == BackendKind.OpenAI && !system.NamesGpuCount(parsed)
        ? new Knobs()
        : new Knobs { TensorParallelism = served.GpuCount };

    private static Knobs EngineKnobs(ServingSystem served) =>
        new() { Precision = EngineArguments.IsCpu(served) ? Precision.Fp32 : Precision.Bf16 };

    /// <summary>The built-in engine runs on this machine: on its processor unless an accelerator is named.</summary>
    private ServingSystem EngineSystem(ParseResult parsed) => new()
    {
        Gpu = system.NamedGpu(parsed) ?? EngineArguments.Cpu,
        GpuCount = 1,
        Engine = EngineArguments.EngineName,
    };
}
