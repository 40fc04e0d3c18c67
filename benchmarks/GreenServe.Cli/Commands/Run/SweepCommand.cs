using System.CommandLine;
using GreenServe.Analysis.Results;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Live;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Running;
using GreenServe.Search.Tails;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve sweep</c>: every operating point of an experiment, each into its own run record.</summary>
internal static class SweepCommand
{
    private const int MaxJobs = 1024;

    /// <summary>Reasons why points could not be run that are shown at the end: enough to see what is wrong.</summary>
    private const int MaxShownFailures = 3;

    private static readonly Argument<string> ExperimentArgument = new("EXPERIMENT")
    {
        Description = "An experiment file (*.experiment.yaml). It holds a workload, a system, knobs and a grid, and may hold a server. "
            + "Such a file is code: the command of its server is run as you. Run none that you have not read.",
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder that gets one run record for each point. It must be new or empty, unless --resume is given.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string[]> SetOption = new("--set")
    {
        Description = "Value of a knob at every point, which replaces that of the file. What an axis of the grid varies cannot be set. "
            + "May be repeated. "
            + $"Knobs: {string.Join(", ", PointSettings.Names)}.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> JobsOption = new Option<int>("--jobs")
    {
        Description = $"Number of points simulated at the same time, 1 to {MaxJobs}. Measured points always run one after the other. "
            + "Default: the number of processor cores.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    }.Require(value => value is >= 1 and <= MaxJobs, $"a whole number in [1, {MaxJobs}]");

    private static readonly Option<bool> ResumeOption = new("--resume")
    {
        Description = "Keep the points that have a whole record in the folder which was asked for the same thing, and run the others. "
            + "Says which records are replaced, and why. A whole record of something else is never replaced. "
            + "Default: the folder must be new or empty.",
    };

    private static readonly Option<int?> RepetitionOption = new Option<int?>("--repetition")
    {
        Description = "Run only this repetition, 0 to the experiment's repetitions less 1. With it the first repetition of several "
            + "experiments can run before the second of any. Default: all repetitions.",
        HelpName = "N",
    }.Require(value => value is >= 0, "a whole number of at least 0, and less than the experiment's repetitions");

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "sweep",
            "Run every operating point of an experiment. An INVALID point is a result and is counted. "
            + "Exit code 3 if a point could not be run.")
        {
            ExperimentArgument,
            OutOption,
            SetOption,
            ResumeOption,
            RepetitionOption,
        };
        BackendOptionSet backends = BackendOptionSet.AddedTo(command, offersCluster: true);
        backends.Uses.Add(command, ServerKinds.Simulated, JobsOption);
        RecordOptionSet record = new(TableFormat.Parquet);
        record.AddTo(command, backends.Uses);
        ServerOptionSet server = new(context, backends);
        server.AddTo(command);
        LiveOptionSet live = new(context);
        live.AddTo(command);
        ResultOptionSet result = new();
        result.AddTo(command);
        SweepOptions options = new(backends, record, server, live, result);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, SweepOptions given, CancellationToken cancellationToken)
    {
        given.Result.Require(parsed);
        string file = parsed.GetRequiredValue(ExperimentArgument);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = parsed.GetValue(JobsOption),
            CancellationToken = cancellationToken,
        };
        Experiment experiment = ExperimentFile.Read(file);
        ServerKinds chosen = Choose(parsed, given.Backends, experiment);
        IReadOnlyList<OperatingPoint> all =
        [
            .. experiment.Points(parsed.GetRequiredValue(SetOption), BackendOptionSet.BackendOf(chosen))
                .Select(point => point with { System = given.Backends.Served(parsed, point.System) }),
        ];
        IReadOnlyList<OperatingPoint> points = OfRepetition(parsed, all, experiment);
        PointRunnerOptions options = WithOwnServer(given.Server.Runner(parsed, chosen, points, model: null), chosen, experiment, file);
        options = given.Record.Apply(parsed, options, chosen) with { EngineOutput = TextWriter.Null };
        string folder = parsed.GetRequiredValue(OutOption);
        return await given.Live.ShowAsync(parsed, Path.GetFileName(file), options, SweepAsync, cancellationToken).ConfigureAwait(false);

        async Task<int> SweepAsync(ShownRun shown)
        {
            await using IPointRunner runner = PointRunner.Open(shown.Options);
            runner.RequireRunnable(points, file, parallel);
            using IDisposable claim = OutputFolder.Claim(folder, mustBeEmpty: !parsed.GetValue(ResumeOption));
            IReadOnlyList<OperatingPoint> pending = Prepare(parsed, points, all, shown);
            await shown.Output.WriteLineAsync(Announcement(chosen, pending.Count, shown.Options)).ConfigureAwait(false);
            if (SloTails.WarningOf(pending) is { } warning)
            {
                await shown.Output.WriteLineAsync(warning).ConfigureAwait(false);
            }

            shown.Live.Plan(pending.Count);
            SweepProgress progress = new(shown, pending.Count, runner.RunsConcurrently);
            PointSweep sweep = new(runner, folder);
            IReadOnlyDictionary<string, RunVerdict> verdicts = await sweep
                .RunAsync(pending, parallel, progress.Take).ConfigureAwait(false);
            int code = Conclude(parsed, shown.Output, points.Count, pending.Count, verdicts);
            foreach (string failure in sweep.Failures.Take(MaxShownFailures))
            {
                await shown.Output.WriteLineAsync($"not run: {failure}").ConfigureAwait(false);
            }

            given.Result.Write(parsed, () => new ResultDocument
            {
                Command = "sweep",
                ExitCode = code,
                Points = ResultOptionSet.Read(folder, points.Select(point => point.Id)),
                NotRun = [.. sweep.Failures],
            });
            return code;
        }
    }

    /// <summary>What serves: what the command line names, or what the experiment names.</summary>
    /// <exception cref="InvalidInputException">
    /// The server cannot follow an axis or a setting, or the artifact of the experiment could not be drawn.
    /// </exception>
    private static ServerKinds Choose(ParseResult parsed, BackendOptionSet backends, Experiment experiment)
    {
        ServerKinds chosen = backends.Choose(
            parsed, experiment.Backend, namesServer: experiment.Server is not null, experiment.NamesCluster);
        Problem[] problems =
        [
            .. SettingUses.Unused(parsed.GetRequiredValue(SetOption), chosen),
            .. SettingUses.Unvaried(experiment, chosen),
            .. SettingUses.Unserved(experiment, chosen),
            .. backends.GivenTwice(parsed, experiment),
            .. ArtifactPlan.Problems(experiment, parsed.GetRequiredValue(SetOption), chosen),
        ];
        return problems.Length == 0 ? chosen : throw new InvalidInputException(problems);
    }

    private static PointRunnerOptions WithOwnServer(
        PointRunnerOptions options, ServerKinds chosen, Experiment experiment, string file) =>
        chosen == ServerKinds.StartedServer && options.Server is null && experiment.Server is { } section
            ? options with { Server = DocumentTree.Of(section, $"{file} (server)").Bind<ServerDefinition>() }
            : options;

    /// <summary>The first line that a user sees: whether anything is measured, and what is started.</summary>
    private static string Announcement(ServerKinds chosen, int points, PointRunnerOptions options)
    {
        string measured = options.Measurement.Policy.Meters is { Models.Count: > 0 }
            ? "estimated evidence where a power model stands in for a meter"
            : "measured evidence";
        string evidence = chosen switch
        {
            ServerKinds.BuiltInEngine => measured,
            ServerKinds.RunningServer or ServerKinds.StartedServer => $"{measured}, unless the server says that it simulates",
            _ => "simulated evidence, nothing is measured",
        };
        string started = options.Server is { } server
            ? $", started as: {(server.Command is { } command ? string.Join(' ', command) : $"preset {EnumText.Of(server.Preset!.Value)}")}"
            : "";
        return $"{evidence}: {points} points on {ServerKindText.NameOf(chosen)}{started}";
    }

    private static int Conclude(
        ParseResult parsed, TextWriter output, int points, int pending, IReadOnlyDictionary<string, RunVerdict> verdicts)
    {
        int invalid = verdicts.Values.Count(verdict => !verdict.IsValid);
        int failed = pending - verdicts.Count;
        string missing = failed == 0 ? "" : $", {failed} could not be run (--resume tries them again)";
        string run = $"{verdicts.Count} run, {invalid} of them INVALID{missing}";
        output.WriteLine($"{points} points, {points - pending} kept, {run}: {parsed.GetValue(OutOption)}");
        return failed == 0 ? ExitCode.Success : ExitCode.Unavailable;
    }

    private static IReadOnlyList<OperatingPoint> OfRepetition(
        ParseResult parsed, IReadOnlyList<OperatingPoint> points, Experiment experiment)
    {
        if (parsed.GetValue(RepetitionOption) is not { } repetition)
        {
            return points;
        }

        return repetition < experiment.Repetitions
            ? [.. points.Where(point => point.Repetition == repetition)]
            : throw new InvalidInputException(new Problem("--repetition", repetition, $"0 to {experiment.Repetitions - 1}"));
    }

    /// <summary>Makes the folder ready, and tells which points run.</summary>
    private static IReadOnlyList<OperatingPoint> Prepare(
        ParseResult parsed, IReadOnlyList<OperatingPoint> points, IReadOnlyList<OperatingPoint> all, ShownRun shown)
    {
        string folder = parsed.GetRequiredValue(OutOption);
        if (!parsed.GetValue(ResumeOption))
        {
            OutputFolder.CreateEmpty(folder);
            return points;
        }

        OutputFolder.Create(folder);
        ResumedSweep resumed = ResumedSweep.Of(folder, points, all, shown.Options);
        foreach (string replaced in resumed.Repeated)
        {
            shown.Lines.WriteLine($"runs again: {ShownText.OneLine(replaced)}");
        }

        resumed.RemoveReplaced(folder);
        return resumed.Pending;
    }

    /// <summary>The options of the command that choose the server, the form of the records and the view.</summary>
    private sealed record SweepOptions(
        BackendOptionSet Backends, RecordOptionSet Record, ServerOptionSet Server, LiveOptionSet Live, ResultOptionSet Result);
}
