using System.CommandLine;
using GreenServe.Records.Systems;
using GreenServe.Simulation;
using GreenServe.Simulation.Engines;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Records;

/// <summary>The options that state the system of run records in place of the records, for commands that simulate it.</summary>
internal sealed class StatedSystemOptionSet
{
    private readonly Option<string?> gpu = new("--gpu")
    {
        Description = "Accelerator in place of the one that the run records name: a name or a file, such as one that calibrate has "
            + "written. Default: the one that they name.",
        HelpName = "NAME",
    };

    private readonly Option<string?> engine;

    private readonly Option<string?> model = new("--model")
    {
        Description = "Model in place of the one that the run records name: a name or a file. Default: the one that they name.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> settings = new("--set")
    {
        Description = "Value of a knob that the server of the run records had and that they do not state, for example "
            + "tensor_parallelism=1 or precision=bf16. May be repeated. Default: a record must state both of these.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Makes the options.</summary>
    /// <param name="engineDefault">What is done where the user names no engine profile and a record names none.</param>
    internal StatedSystemOptionSet(string engineDefault) => engine = new Option<string?>("--engine")
    {
        Description = $"Engine profile in place of the one that the run records name: {string.Join(", ", EngineCatalog.Names)}, or a file, "
            + $"such as one that calibrate has written. Default: the one that they name{engineDefault}.",
        HelpName = "NAME",
    };

    internal void AddTo(Command command)
    {
        command.Add(gpu);
        command.Add(engine);
        command.Add(model);
        command.Add(settings);
    }

    /// <summary>What the user states.</summary>
    /// <exception cref="GreenServe.Records.InvalidInputException">Every setting that is unknown or out of range.</exception>
    internal StatedSystem Read(ParseResult parsed) => new()
    {
        Gpu = parsed.GetValue(gpu),
        Engine = parsed.GetValue(engine),
        Model = parsed.GetValue(model),
        Knobs = PointSettings.Apply(
            new ServingSystem { Gpu = "any", GpuCount = ServingSystem.MaxGpuCount, Engine = "any" },
            new Knobs(),
            parsed.GetRequiredValue(settings)).Knobs,
    };
}
