using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine.CommandLine;
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
        Description = $"Accelerator: {string.Join(", ", GpuCatalog.Names)}, or a file. "
            + "The built-in engine runs on the one in this machine, and on the processor if none is named.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "H100-80GB-SXM",
    };

    private readonly Option<int> gpuCount = new("--gpus")
    {
        Description = $"Number of accelerators in the simulated server, 1 to {ServingSystem.MaxGpuCount}. "
            + "The built-in engine shards the model over as many, and over one by default.",
        HelpName = "N",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<string> engine = new("--engine")
    {
        Description = $"Simulated engine: {string.Join(", ", EngineCatalog.Names)}, or a file.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "vllm-0.11",
    };

    private readonly Option<string?> hostSpeed = HostSpeedOption.Create();

    private readonly Option<string[]> settings = new("--set")
    {
        Description = "Value of a knob, for example gpu_clock_megahertz=1400. May be repeated. "
            + $"Knobs: {string.Join(", ", PointSettings.Names)}. "
            + "Default: tensor parallelism over all GPUs, the highest clock, the device's own power cap. "
            + "With --server the knobs go on the server's command line. With --endpoint they state what the server runs with. "
            + "A knob of such a server that is not given is not known, and its record says so.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command command, OptionUses uses)
    {
        gpuCount.Require(count => count is >= 1 and <= ServingSystem.MaxGpuCount, $"a whole number in [1, {ServingSystem.MaxGpuCount}]");
        uses.Add(command, ServerKinds.SimulatedEngine | ServerKinds.BuiltInEngine, gpu, gpuCount);
        uses.Add(command, ServerKinds.SimulatedEngine, engine, hostSpeed);
        uses.Add(command, ServerKinds.Simulated | ServerKinds.Measured, settings);
    }

    /// <summary>The accelerator that the user named; <c>null</c> if none was named.</summary>
    internal string? NamedGpu(ParseResult parsed) => parsed.IsGiven(gpu) ? parsed.GetRequiredValue(gpu) : null;

    /// <summary>The number of accelerators that the user gave; <c>null</c> if none was given.</summary>
    internal int? NamedGpuCount(ParseResult parsed) => parsed.IsGiven(gpuCount) ? parsed.GetValue(gpuCount) : null;

    /// <summary>Changes of knobs and system as <c>name=value</c>.</summary>
    internal string[] Settings(ParseResult parsed) => parsed.GetRequiredValue(settings);

    /// <summary>Throws if a setting has no effect on the server.</summary>
    /// <exception cref="InvalidInputException">Every setting that the server does not use.</exception>
    internal void RequireUsed(ParseResult parsed, ServerKinds chosen)
    {
        Problem[] problems = [.. SettingUses.Unused(Settings(parsed), chosen), .. GivenTwice(parsed)];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    /// <summary>One problem for each setting whose value has an option of its own, which the user gave too.</summary>
    private IEnumerable<Problem> GivenTwice(ParseResult parsed) =>
        from setting in Settings(parsed)
        let path = PointSettings.PathOf(setting)
        from own in new (Option Option, string Path)[]
        {
            (gpu, "system.gpu"), (gpuCount, "system.gpu_count"), (engine, "system.engine"), (hostSpeed, "system.host"),
        }
        where own.Path == path && parsed.IsGiven(own.Option)
        select new Problem($"--set {setting}", $"also {own.Option.Name}", "one of them");

    /// <summary>Hardware and engine before the settings.</summary>
    internal ServingSystem System(ParseResult parsed) => new()
    {
        Gpu = parsed.GetRequiredValue(gpu),
        GpuCount = parsed.GetValue(gpuCount),
        Engine = parsed.GetRequiredValue(engine),
        Host = parsed.GetValue(hostSpeed) is { } host ? HostSpeedOption.Read(host, parsed.GetRequiredValue(gpu)) : null,
    };

    /// <summary>The knobs of a simulated system before the settings: it shards a model over all its GPUs.</summary>
    internal Knobs AllGpus(ParseResult parsed) => new() { TensorParallelism = parsed.GetValue(gpuCount) };
}
