using System.CommandLine;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Running.Machine;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options of everything that measures: meters, baselines, and permission to change devices.</summary>
internal sealed class MeasurementOptionSet
{
    private readonly Option<string[]> meters = new("--meters")
    {
        Description = $"Meters to read; may be repeated: {MeterOptionsParser.Allowed}. Default: all of this machine; for the built-in engine "
            + "those of the processor or of the GPUs it runs on.",
        HelpName = "METERS",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<BaselineChoice> baselines = new("--baselines")
    {
        Description = "Power of the GPUs without load to measure first, once for each model: with the weights loaded, which takes at least three "
            + "times --baseline-seconds; all, also cool and empty before the server starts; or none, which leaves dynamic energy not measured.",
        DefaultValueFactory = _ => BaselineChoice.Loaded,
    };

    private readonly Option<double> baselineSeconds = new("--baseline-seconds")
    {
        Description = "Length of a baseline measurement in seconds, in [0.2, 3600]; power and temperature must hold still twice as long before.",
        HelpName = "S",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> baselineFile = new("--baseline-file")
    {
        Description = "File that keeps the baselines, so that later commands on the same machine need not measure them again. Default: none.",
        HelpName = "FILE",
    };

    private readonly Option<bool> allowsDeviceChanges = new("--allow-device-changes")
    {
        Description = "Permission to set the GPU clocks and power caps that the knobs ask for. They change the GPU for everyone who uses it. "
            + "The settings it had are restored at the end.",
    };

    internal void AddTo(Command command)
    {
        command.Add(meters);
        command.Add(baselines);
        command.Add(baselineSeconds);
        command.Add(baselineFile);
        baselineSeconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.2 and <= 3600))
            {
                result.AddError($"--baseline-seconds: got {result.GetValueOrDefault<double>()}, want a number in [0.2, 3600]");
            }
        });
        command.Add(allowsDeviceChanges);
    }

    /// <summary>What may be changed on the machine, and what is measured before the load.</summary>
    /// <exception cref="InvalidInputException">A meter is unknown, or the file of baselines cannot be used.</exception>
    internal MeasurementPolicy Read(ParseResult parsed)
    {
        double seconds = parsed.GetValue(baselineSeconds);
        BaselineOptions taken = new() { MeasureSeconds = seconds, SettlingSeconds = 2 * seconds, LongestWaitSeconds = 30 * seconds };
        return new MeasurementPolicy
        {
            AllowsDeviceChanges = parsed.GetValue(allowsDeviceChanges),
            Baselines = parsed.GetValue(baselines),
            Store = parsed.GetValue(baselineFile) is { } path ? BaselineStore.Open(path, taken) : BaselineStore.InMemory(taken),
            Meters = parsed.GetRequiredValue(meters) is { Length: > 0 } asked ? MeterOptions.Parse(asked) : null,
        };
    }
}
