using System.CommandLine;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that choose an operating point: backend, model, hardware, engine and knobs.</summary>
internal sealed class PointOptionSet
{
    private readonly Option<BackendKind> backend = new("--backend")
    {
        Description = "What serves: the simulated engine, the built-in engine, or any OpenAI-compatible server. "
            + "The last one needs --endpoint or --server.",
        DefaultValueFactory = _ => BackendKind.Simulated,
    };

    private readonly Option<string?> model = new("--model")
    {
        Description = "The model: a name, a file, or the name that the server knows it by. "
            + "Default: the workload's model, or the one that the server serves.",
        HelpName = "NAME",
    };

    private readonly SystemOptionSet system = new();

    internal void AddTo(Command command)
    {
        command.Add(backend);
        command.Add(model);
        system.AddTo(command);
    }

    /// <summary>The backend that serves.</summary>
    internal BackendKind Backend(ParseResult parsed) => parsed.GetValue(backend);

    /// <summary>The model as the user named it; <c>null</c> if the user named none.</summary>
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
    /// The knobs before the settings. A simulated system shards a model over all its GPUs unless told otherwise. Of another server only
    /// that is known which the user states, so that the default of --gpus does not get into its record.
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
