using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Running;
using GreenServe.Running.Machine;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve sweep</c>: every operating point of an experiment, each into its own run record.</summary>
internal static class SweepCommand
{
    private static readonly Argument<string> ExperimentArgument = new("EXPERIMENT")
    {
        Description = "An experiment file (*.experiment.yaml). It holds a workload, a system, knobs and a grid.",
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder that gets one run record for each point. It must be new or empty, unless --resume is given.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<BackendKind?> BackendOption = new("--backend")
    {
        Description = "What serves: the simulated engine, the built-in engine, or the experiment's own server, which is started for each "
            + "point. Default: the backend that the experiment names.",
    };

    private static readonly Option<string[]> SetOption = new("--set")
    {
        Description = "Value of a knob at every point, which replaces that of the file and its grid. May be repeated. "
            + $"Knobs: {string.Join(", ", PointSettings.Names)}.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> JobsOption = new("--jobs")
    {
        Description = "Number of points simulated at the same time, at least 1. Measured points always run one after the other. "
            + "Default: the number of processor cores.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly MeasurementOptionSet Measurement = new();

    private static readonly Option<bool> ResumeOption = new("--resume")
    {
        Description = "Keep the points that already have a finished record in the folder, and run the others. "
            + "Default: the folder must be new or empty.",
    };

    private static readonly Option<int?> RepetitionOption = new("--repetition")
    {
        Description = "Run only this repetition, 0 to the experiment's repetitions less 1. With it the first repetition of several "
            + "experiments can run before the second of any. Default: all repetitions.",
        HelpName = "N",
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "sweep",
            "Run every operating point of an experiment. An INVALID point is a result and is counted. "
            + "Exit code 3 if a point could not be run.")
        {
            ExperimentArgument,
            OutOption,
            BackendOption,
            SetOption,
            JobsOption,
            ResumeOption,
            RepetitionOption,
        };
        Measurement.AddTo(command);
        JobsOption.Require(value => value >= 1, "a whole number of at least 1");
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(ExperimentArgument);
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = parsed.GetValue(JobsOption),
            CancellationToken = cancellationToken,
        };
        Experiment experiment = ExperimentFile.Read(file);
        BackendKind backend = parsed.GetValue(BackendOption) ?? experiment.Backend;
        IReadOnlyList<OperatingPoint> points = PointsOf(experiment, parsed, backend);
        await using IPointRunner runner = PointRunner.Open(RunnerOptions(parsed, experiment, backend, points, context));
        runner.RequireRunnable(points, file, parallel);

        string folder = parsed.GetRequiredValue(OutOption);
        IReadOnlyList<OperatingPoint> pending = Prepare(folder, points, parsed.GetValue(ResumeOption));
        SweepProgress progress = new(parsed.InvocationConfiguration.Output, Path.GetFileName(file), pending.Count);
        PointSweep sweep = new(runner, folder);
        IReadOnlyDictionary<string, RunVerdict> verdicts = await progress
            .ShowAsync(runner.RunsConcurrently, finished => sweep.RunAsync(pending, parallel, finished))
            .ConfigureAwait(false);
        return Conclude(parsed, points.Count, pending.Count, verdicts);
    }

    private static int Conclude(ParseResult parsed, int points, int pending, IReadOnlyDictionary<string, RunVerdict> verdicts)
    {
        int invalid = verdicts.Values.Count(verdict => !verdict.IsValid);
        int failed = pending - verdicts.Count;
        string missing = failed == 0 ? "" : $", {failed} could not be run (--resume tries them again)";
        string run = $"{verdicts.Count} run, {invalid} of them INVALID{missing}";
        parsed.InvocationConfiguration.Output.WriteLine(
            $"{points} points, {points - pending} kept, {run}: {parsed.GetValue(OutOption)}");
        return failed == 0 ? ExitCode.Success : ExitCode.Unavailable;
    }

    private static PointRunnerOptions RunnerOptions(
        ParseResult parsed, Experiment experiment, BackendKind backend, IReadOnlyList<OperatingPoint> points, CommandContext context)
    {
        string file = parsed.GetRequiredValue(ExperimentArgument);
        if (backend == BackendKind.OpenAI && experiment.Server is null)
        {
            throw new InvalidInputException(new Problem(
                "$.server", null, "a server to start for each point: one that is only reached cannot be given other knobs", file));
        }

        return new PointRunnerOptions
        {
            Backend = backend,
            Points = points,
            Server = backend == BackendKind.OpenAI && experiment.Server is { } section
                ? DocumentTree.Of(section, $"{file} (server)").Bind<ServerDefinition>()
                : null,
            Measurement = new MeasurementContext
            {
                Policy = backend == BackendKind.Simulated ? new MeasurementPolicy() : Measurement.Read(parsed),
                Lifetime = context.Lifetime,
            },
        };
    }

    private static IReadOnlyList<OperatingPoint> PointsOf(Experiment experiment, ParseResult parsed, BackendKind backend)
    {
        IReadOnlyList<OperatingPoint> points = experiment.Points(parsed.GetRequiredValue(SetOption), backend);
        if (parsed.GetValue(RepetitionOption) is not { } repetition)
        {
            return points;
        }

        return repetition >= 0 && repetition < experiment.Repetitions
            ? [.. points.Where(point => point.Repetition == repetition)]
            : throw new InvalidInputException(new Problem("--repetition", repetition, $"0 to {experiment.Repetitions - 1}"));
    }

    private static IReadOnlyList<OperatingPoint> Prepare(string folder, IReadOnlyList<OperatingPoint> points, bool resume)
    {
        if (!resume)
        {
            OutputFolder.CreateEmpty(folder);
            return points;
        }

        OutputFolder.Create(folder);
        return [.. points.Where(point => !IsFinished(Path.Combine(folder, point.Id)))];
    }

    /// <summary>Whether a point has a finished record. The record of an interrupted run is removed.</summary>
    private static bool IsFinished(string folder)
    {
        if (!File.Exists(Path.Combine(folder, RunFiles.Manifest)))
        {
            return false;
        }

        if (!RunRecord.Read(folder).Manifest.Verdict.IsInterrupted)
        {
            return true;
        }

        Directory.Delete(folder, recursive: true);
        return false;
    }
}
