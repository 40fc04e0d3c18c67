using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine.CommandLine;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Running.Machine;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options of everything that measures: meters, baselines, and permission to change devices.</summary>
internal sealed class MeasurementOptionSet
{
    /// <summary>Length of a baseline measurement where neither the user nor the command states another (s).</summary>
    internal const double UsualBaselineSeconds = 10;

    /// <summary>Power and temperature must hold still for this many times the length of a baseline measurement.</summary>
    private const double SettlingFactor = 2;

    /// <summary>
    /// The longest wait for that, in lengths of a baseline measurement: 300 s by default, in which a GPU cools down from full load.
    /// </summary>
    private const double LongestWaitFactor = 30;

    private const double MinBaselineSeconds = 0.2;
    private const double MaxBaselineSeconds = 3600;

    /// <summary>The longest settling time and the longest wait for it (s), the limits of <see cref="BaselineOptions"/>.</summary>
    private const double MaxSettlingSeconds = 600;
    private const double MaxWaitSeconds = 3600;

    private readonly Option<string[]> meters = new("--meters")
    {
        Description = $"Meters to read: {MeterOptionsParser.Allowed}. May be repeated. "
            + "Default: every meter of this machine. With the built-in engine: the meters of the processor or of the GPUs that it runs on. "
            + "With a server on another host: the energy that it shows in its own /metrics under dcgm-exporter's names, or none. "
            + "A simulated server is metered by its own simulated meter alone.",
        HelpName = "METERS",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<BaselineChoice> baselines = new("--baselines")
    {
        Description = "Which power of the GPUs without load is measured first, once for each model. "
            + "loaded: with the weights in memory, which takes at least three times --baseline-seconds. "
            + "all: also with cool, empty GPUs before the server starts. none: no baseline, and dynamic energy is then not measured.",
        DefaultValueFactory = _ => BaselineChoice.Loaded,
    };

    private readonly Option<double> baselineSeconds;

    private readonly Option<string?> baselineFile = new("--baseline-file")
    {
        Description = "File that keeps the baselines, so that later commands on the same machine need not measure them again. "
            + "Default: no file.",
        HelpName = "FILE",
    };

    private readonly Option<bool> allowsDeviceChanges = new("--allow-device-changes")
    {
        Description = "Permission to set the GPU clocks and power caps that the knobs ask for. They change the GPU for everyone who uses "
            + "it. The settings that it had are restored at the end. Default: no permission.",
    };

    private readonly Option<bool> skipsHostProbe = new("--no-host-probe")
    {
        Description = "Do not measure the speed of this host before the run. The probe takes one to two seconds once for a command, loads "
            + "every core for less than one, and needs about 0.5 GB of a GPU's memory. The record then says that the speed is not known. "
            + "Default: the speed is measured where the server runs on this machine.",
    };

    /// <summary>Prepares the options.</summary>
    /// <param name="usualBaselineSeconds">Default length of a baseline measurement (s).</param>
    internal MeasurementOptionSet(double usualBaselineSeconds = UsualBaselineSeconds) =>
        baselineSeconds = new Option<double>("--baseline-seconds")
        {
            Description = "Length of a baseline measurement in seconds, 0.2 to 3600. "
                + "Power and temperature must hold still for twice as long before it. "
                + "The wait ends after 30 times as long, and after 3600 s at the latest.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => usualBaselineSeconds,
        };

    internal void AddTo(Command command, OptionUses uses)
    {
        baselineSeconds.Require(
            value => value is >= MinBaselineSeconds and <= MaxBaselineSeconds,
            $"a number in [{MinBaselineSeconds}, {MaxBaselineSeconds}]");
        uses.Add(command, ServerKinds.Measured, meters, baselines, baselineSeconds, baselineFile, allowsDeviceChanges, skipsHostProbe);
    }

    /// <summary>Whether the speed of this host is measured before the run.</summary>
    internal bool ProbesHost(ParseResult parsed) => !parsed.GetValue(skipsHostProbe);

    /// <summary>Reads what a run may change on the machine, and what it measures before the load.</summary>
    /// <exception cref="InvalidInputException">A meter is unknown, or the file of baselines cannot be used.</exception>
    internal MeasurementPolicy Read(ParseResult parsed)
    {
        RequireBaselines(parsed);
        double seconds = parsed.GetValue(baselineSeconds);
        BaselineOptions taken = new()
        {
            MeasureSeconds = seconds,
            SettlingSeconds = Math.Min(SettlingFactor * seconds, MaxSettlingSeconds),
            LongestWaitSeconds = Math.Min(LongestWaitFactor * seconds, MaxWaitSeconds),
        };
        return new MeasurementPolicy
        {
            AllowsDeviceChanges = parsed.GetValue(allowsDeviceChanges),
            Baselines = parsed.GetValue(baselines),
            Store = parsed.GetValue(baselineFile) is { } path ? BaselineStore.Open(path, taken) : BaselineStore.InMemory(taken),
            MetersAsked = parsed.GetRequiredValue(meters),
            Meters = parsed.GetRequiredValue(meters) is { Length: > 0 } asked ? MeterOptions.Parse(asked) : null,
        };
    }

    /// <summary>Without a baseline neither its length nor its file has an effect.</summary>
    private void RequireBaselines(ParseResult parsed)
    {
        Problem[] problems =
        [
            .. new Option[] { baselineSeconds, baselineFile }
                .Where(option => parsed.GetValue(baselines) == BaselineChoice.None && parsed.IsGiven(option))
                .Select(option => new Problem(option.Name, "it with --baselines none", "--baselines loaded or all with it")),
        ];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
