using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Metering.Characterization;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Metering.Recording;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>
/// <c>greenserve meters characterize</c>: how this machine's meters behave under a known load. The readings that show it are kept.
/// </summary>
internal static class MetersCommandCharacterize
{
    private static readonly Option<string> LoadOption = new("--load")
    {
        Description = "Command that puts a steady load on the device when told to. Its protocol is in docs/reference/load-command.md.",
        HelpName = "COMMAND",
        Required = true,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder for the run record, characterization.json, characterization.txt and nvml-calls.csv. It must be new or empty.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string[]> KindOption = new("--kind")
    {
        Description = "A kind of load that the command knows. May be repeated. The cost of metering is measured on the last kind.",
        HelpName = "NAME",
        DefaultValueFactory = _ => ["gemm", "decode"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> SteadyOption = Seconds("--steady-seconds", "Length of the steady window of each kind", 15);

    private static readonly Option<double> CoolOption =
        Seconds("--longest-cool-seconds", "Longest wait until the device has cooled down", 300);

    private static readonly Option<int> PairsOption = new("--pairs")
    {
        Description = "Number of pairs of 10 s phases, one with metering and one without, 0 to 1000.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    internal static Command Create(TimeProvider clock)
    {
        Command command = new(
            "characterize",
            "Find out how the meters behave under a known load: refresh periods, cost of a call, idle power, agreement of counter and "
            + "average, response to a step of load, and the cost of metering. Exit code 3 if no energy could be measured.")
        {
            LoadOption,
            OutOption,
            KindOption,
            SteadyOption,
            CoolOption,
            PairsOption,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, clock, cancellationToken));
        return command;
    }

    private static Option<double> Seconds(string name, string what, double standard)
    {
        Option<double> option = new(name)
        {
            Description = $"{what}, in seconds, 0.5 to 3600.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => standard,
        };
        option.Require(value => value is >= 0.5 and <= 3600, "a number in [0.5, 3600]");
        return option;
    }

    private static async Task<int> RunAsync(ParseResult parsed, TimeProvider time, CancellationToken cancellationToken)
    {
        CharacterizationOptions options = Options(parsed);
        string folder = parsed.GetRequiredValue(OutOption);
        MeterOptions meters = MetersCommand.Options(parsed);
        RunClock clock = RunClock.Start(time);
        using RunRecordWriter record = RunRecordWriter.Create(folder, Manifest(options, clock));
        using MeterCatalog usual = MeterCatalog.Discover(meters);
        using MeterCatalog looked = MeterCatalog.DiscoverAndRecord(
            meters with { WithPowerSamples = true },
            clock,
            new StreamWriter(Path.Combine(folder, "nvml-calls.csv")) { NewLine = "\n" });
        TextWriter output = parsed.InvocationConfiguration.Output;
        MeterCharacterization characterization = new(looked, usual, options) { Progress = new TerminalProgress(output, time) };
        CharacterizationReport report =
            await characterization.RunAsync(clock, PowerRecording.Into(record), cancellationToken).ConfigureAwait(false);

        record.Complete(manifest => Completed(manifest, report, looked, clock));
        string text = MetersCommandReportText.Of(report);
        OutputFile.Replace(Path.Combine(folder, "characterization.txt"), text);
        OutputFile.Replace(
            Path.Combine(folder, "characterization.json"), DocumentContract.Readable(report));
        await output.WriteAsync(text).ConfigureAwait(false);
        bool isMeasured = report.Loads.Any(load => load.Readings.Any(reading => reading.Joules is not null));
        return isMeasured ? ExitCode.Success : ExitCode.Unavailable;
    }

    private static CharacterizationOptions Options(ParseResult parsed)
    {
        int pairs = parsed.GetValue(PairsOption);
        if (pairs is < 0 or > 1000)
        {
            throw new InvalidInputException(new Problem("--pairs", pairs, "a whole number in [0, 1000]"));
        }

        double cool = parsed.GetValue(CoolOption);
        return new CharacterizationOptions
        {
            LoadCommand = parsed.GetRequiredValue(LoadOption),
            Kinds = parsed.GetRequiredValue(KindOption),
            SteadySeconds = parsed.GetValue(SteadyOption),
            Pairs = pairs,
            Idle = new BaselineOptions { LongestWaitSeconds = cool },
            LoadedIdle = new BaselineOptions { LongestWaitSeconds = cool },
        };
    }

    private static RunManifest Manifest(CharacterizationOptions options, RunClock clock)
    {
        JsonObject load = new()
        {
            ["load"] = options.LoadCommand,
            ["kinds"] = new JsonArray([.. options.Kinds.Select(kind => (JsonNode)kind)]),
        };
        byte[] canonical = Encoding.UTF8.GetBytes(load.ToJsonString(DocumentContract.Options));
        return new RunManifest
        {
            WorkloadName = "steady-load",
            Workload = load,
            WorkloadSha256 = Convert.ToHexStringLower(SHA256.HashData(canonical)),
            Model = "none",
            Knobs = new Knobs(),
            Backend = null,
            Evidence = EvidenceKind.Measured,
            Environment = RunEnvironment.Host(),
            Seed = 0,
            StartedAt = clock.StartedAt,
            Verdict = RunVerdict.Interrupted,
        };
    }

    private static RunManifest Completed(RunManifest manifest, CharacterizationReport report, MeterCatalog meters, RunClock clock)
    {
        Dictionary<string, double> refresh = report.UnderLoad.Where(probe => probe.RefreshSeconds is not null)
            .ToDictionary(probe => probe.Meter.Name, probe => probe.RefreshSeconds!.Value);
        return manifest with
        {
            Environment = manifest.Environment with { Gpus = report.Gpus },
            GpusUsed = report.Gpus.Count > 0 ? report.Gpus.Count : null,
            DurationSeconds = clock.Seconds,
            Meters = [.. meters.Meters.Select(meter => meter with { RefreshSeconds = RefreshOf(meter) })],
            Baselines = BaselineMeasurement.Combine(report.Idle, report.LoadedIdle),
            Window = report.Loads.Count > 0 ? report.Loads[0].Window : null,
            Counters = report.Interference is { } cost
                ? new Dictionary<string, double>
                {
                    [RunCounter.MeteringCpuCores.Name] = cost.MeteringCpuCores,
                    [RunCounter.MeteringStepTimeChangeRatio.Name] = cost.StepTimeChangeRatio,
                }
                : manifest.Counters,
            Verdict = RunVerdict.Valid,
        };

        double? RefreshOf(MeterDescription meter) => refresh.TryGetValue(meter.Name, out double seconds) ? seconds : meter.RefreshSeconds;
    }
}
