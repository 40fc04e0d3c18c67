using System.CommandLine;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Running.Machine;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options of everything that measures: meters, baselines, leave to change devices.</summary>
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
        Description = "Leave to set the GPU clocks and power caps that the knobs ask for. They change the GPU for everyone who uses it; what it "
            + "had is restored at the end.",
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

    /// <summary>The meters to read: those asked for, or else <paramref name="standard"/>, or else all of this machine.</summary>
    internal MeterCatalog Meters(ParseResult parsed, MeterOptions? standard) => parsed.GetRequiredValue(meters) is { Length: > 0 } asked
        ? MeterCatalog.Discover(MeterOptions.Parse(asked))
        : MeterCatalog.Discover(standard);

    /// <summary>What may be changed and what is measured first.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="points">Every point that will be measured.</param>
    /// <exception cref="InvalidInputException">Their knobs need leave that was not given.</exception>
    internal MeasurementPolicy Read(ParseResult parsed, IEnumerable<OperatingPoint> points)
    {
        double seconds = parsed.GetValue(baselineSeconds);
        BaselineOptions taken = new() { MeasureSeconds = seconds, SettlingSeconds = 2 * seconds, LongestWaitSeconds = 30 * seconds };
        MeasurementPolicy options = new()
        {
            AllowsDeviceChanges = parsed.GetValue(allowsDeviceChanges),
            Baselines = parsed.GetValue(baselines),
            Store = parsed.GetValue(baselineFile) is { } path ? BaselineStore.Open(path, taken) : BaselineStore.InMemory(taken),
        };
        Problem[] problems = [.. points.SelectMany(options.Check).Distinct()];
        return problems.Length == 0 ? options : throw new InvalidInputException(problems);
    }
}
