using System.Collections.Concurrent;
using System.CommandLine;
using GreenServe.Cli.Running;
using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve sweep</c>: every operating point of an experiment, each into its own run record.</summary>
internal static class SweepCommand
{
    // Stands in for the endpoint of a server that is started for each point.
    private static readonly Uri ToBeStarted = new("http://127.0.0.1/");

    private static readonly Argument<string> ExperimentArgument = new("EXPERIMENT")
    {
        Description = "An experiment file (*.experiment.yaml): a workload, a system, knobs and a grid.",
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = "Folder that gets one run record a point; must be new or empty unless --resume is given.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<BackendKind?> BackendOption = new("--backend")
    {
        Description = "What serves: the simulated engine, the built-in one, or the experiment's own server, started for each point. Default: what the experiment says.",
    };

    private static readonly Option<string[]> SetOption = new("--set")
    {
        Description = $"A knob for every point, over the file and its grid; may be repeated. Knobs: {string.Join(", ", PointSettings.Names)}.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> JobsOption = new("--jobs")
    {
        Description = "Points simulated at the same time, at least 1; measured points run one after the other. Default: one a processor core.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly MeasurementOptionSet Measure = new();

    private static readonly Option<bool> ResumeOption = new("--resume")
    {
        Description = "Keep the points that already have a finished record in the folder, and run the rest.",
    };

    private static readonly Option<int?> RepetitionOption = new("--repetition")
    {
        Description = "Run this repetition alone, at least 0; a campaign runs the first of every experiment before the second of any. Default: all.",
        HelpName = "N",
    };

    internal static Command Create()
    {
        Command command = new("sweep", "Run every operating point of an experiment. An INVALID point is a result, and is counted.")
        {
            ExperimentArgument,
            OutOption,
            BackendOption,
            SetOption,
            JobsOption,
            ResumeOption,
            RepetitionOption,
        };
        Measure.AddTo(command);
        JobsOption.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"--jobs: got {result.GetValueOrDefault<int>()}, want a whole number of at least 1");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(ExperimentArgument);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = parsed.GetValue(JobsOption), CancellationToken = cancellationToken };
        Experiment experiment = ExperimentFile.Read(file);
        BackendKind backend = parsed.GetValue(BackendOption) ?? experiment.Backend;
        IReadOnlyList<OperatingPoint> points = PointsOf(experiment, parsed, backend);
        ServerDefinition? server = backend == BackendKind.OpenAI && experiment.Server is { } section
            ? DocumentTree.Of(section, $"{file} (server)").Bind<ServerDefinition>()
            : null;
        CheckAll(points, file, backend, server, parallel);
        if (backend != BackendKind.Simulated)
        {
            _ = Measure.Read(parsed, points);
        }

        string folder = parsed.GetRequiredValue(OutOption);
        IReadOnlyList<OperatingPoint> pending = Prepare(folder, points, parsed.GetValue(ResumeOption));
        TextWriter output = parsed.InvocationConfiguration.Output;
        ConcurrentDictionary<string, RunVerdict> verdicts = [];
        SweepProgress progress = new(output, Path.GetFileName(file), pending.Count);
        if (backend == BackendKind.Simulated)
        {
            progress.Run(finished => Parallel.ForEach(pending, parallel, point =>
            {
                verdicts[point.Id] = new SimulatedPoint(point).Run(Path.Combine(folder, point.Id));
                finished();
            }));
        }
        else
        {
            await MeasureAsync(parsed, pending, server, folder, verdicts, cancellationToken).ConfigureAwait(false);
        }

        int invalid = verdicts.Values.Count(verdict => !verdict.IsValid);
        int failed = pending.Count - verdicts.Count;
        string missing = failed == 0 ? "" : $", {failed} could not be run (--resume tries them again)";
        output.WriteLine($"{points.Count} points, {points.Count - pending.Count} kept, {verdicts.Count} run, {invalid} of them INVALID{missing}: {folder}");
        return failed == 0 ? ExitCode.Success : ExitCode.Unavailable;
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

    /// <summary>Measured points run alone: two at once would measure each other. One that cannot be run does not stop the others.</summary>
    private static async Task MeasureAsync(
        ParseResult parsed, IReadOnlyList<OperatingPoint> points, ServerDefinition? server, string folder,
        ConcurrentDictionary<string, RunVerdict> verdicts, CancellationToken cancellationToken)
    {
        if (points.Count == 0)
        {
            return;
        }

        MeasurementPolicy measuring = Measure.Read(parsed, points);
        TextWriter output = parsed.InvocationConfiguration.Output;
        int tried = 0;
        void Finished(OperatingPoint point, string result) => output.WriteLine($"{++tried}/{points.Count} {point.Id}: {result}");

        // Few catalogs for many points: what one finds out about a meter holds for the next point.
        if (server is null)
        {
            using EngineMeters engineMeters = new(point => Measure.Meters(parsed, EnginePoint.OwnMeters(point)));
            await new EngineSweep(engineMeters.Of, measuring, TextWriter.Null)
                .RunAsync(points, folder, verdicts, Finished, cancellationToken).ConfigureAwait(false);
            return;
        }

        using MeterCatalog meters = Measure.Meters(parsed, standard: null);

        foreach (OperatingPoint point in points)
        {
            try
            {
                RunVerdict verdict = await new LaunchedPoint(point, server, meters, new LoadOptions(), measuring).RunAsync(
                    new OpenAiOptions { Endpoint = ToBeStarted, Seed = point.Seed }, Path.Combine(folder, point.Id), TextWriter.Null, cancellationToken)
                    .ConfigureAwait(false);
                verdicts[point.Id] = verdict;
                Finished(point, verdict.ToString());
            }
            catch (UnavailableException exception)
            {
                Finished(point, $"not run: {exception.Message}");
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Everything that is wrong with any point, before the first one runs.</summary>
    private static void CheckAll(
        IReadOnlyList<OperatingPoint> points, string file, BackendKind backend, ServerDefinition? server, ParallelOptions parallel)
    {
        if (backend == BackendKind.OpenAI && server is null)
        {
            throw new InvalidInputException(new Problem(
                "$.server", null, "a server to start for each point: one that is only reached cannot be given other knobs", file));
        }

        IReadOnlyList<Problem>[] found = new IReadOnlyList<Problem>[points.Count];
        Parallel.For(0, points.Count, parallel, index => found[index] =
            [.. ProblemsOf(points[index], backend, server).Select(problem => problem with { Place = $"{points[index].Id}: {problem.Place}", File = file })]);
        Problem[] problems = [.. found.SelectMany(list => list)];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static IEnumerable<Problem> ProblemsOf(OperatingPoint point, BackendKind backend, ServerDefinition? server) => backend switch
    {
        BackendKind.Engine => EngineArguments.Check(point),
        BackendKind.OpenAI => LaunchedPoint.Check(point, server!),
        _ => SimulatedProblemsOf(point),
    };

    private static IEnumerable<Problem> SimulatedProblemsOf(OperatingPoint point)
    {
        try
        {
            return new SimulatedPoint(point).Check();
        }
        catch (InvalidInputException exception)
        {
            return exception.Problems;
        }
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

    /// <summary>Whether a point has a finished record; what an interrupted run left is removed.</summary>
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
