using System.Collections.Concurrent;
using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands;

/// <summary><c>greenserve sweep</c>: every operating point of an experiment, each into its own run record.</summary>
internal static class SweepCommand
{
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
        Description = "What serves: simulated. Default: what the experiment says.",
    };

    private static readonly Option<string[]> SetOption = new("--set")
    {
        Description = $"A knob for every point, over the file and its grid; may be repeated. Knobs: {string.Join(", ", PointSettings.Names)}.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> JobsOption = new("--jobs")
    {
        Description = "Points simulated at the same time, at least 1. Default: one a processor core.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly Option<bool> ResumeOption = new("--resume")
    {
        Description = "Keep the points that already have a finished record in the folder, and run the rest.",
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
        };
        JobsOption.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"--jobs: got {result.GetValueOrDefault<int>()}, want a whole number of at least 1");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetRequiredValue(ExperimentArgument);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = parsed.GetValue(JobsOption), CancellationToken = cancellationToken };
        IReadOnlyList<OperatingPoint> points =
            ExperimentFile.Read(file).Points(parsed.GetRequiredValue(SetOption), parsed.GetValue(BackendOption));
        CheckAll(points, file, parallel);

        string folder = parsed.GetRequiredValue(OutOption);
        IReadOnlyList<OperatingPoint> pending = Prepare(folder, points, parsed.GetValue(ResumeOption));
        TextWriter output = parsed.InvocationConfiguration.Output;
        ConcurrentDictionary<string, RunVerdict> verdicts = [];
        new SweepProgress(output, Path.GetFileName(file), pending.Count).Run(finished => Parallel.ForEach(pending, parallel, point =>
        {
            verdicts[point.Id] = new SimulatedPoint(point).Run(Path.Combine(folder, point.Id));
            finished();
        }));

        int invalid = verdicts.Values.Count(verdict => !verdict.IsValid);
        output.WriteLine($"{points.Count} points, {points.Count - pending.Count} kept, {pending.Count} run, {invalid} of them INVALID: {folder}");
        return ExitCode.Success;
    }

    /// <summary>Everything that is wrong with any point, before the first one runs.</summary>
    private static void CheckAll(IReadOnlyList<OperatingPoint> points, string file, ParallelOptions parallel)
    {
        IReadOnlyList<Problem>[] found = new IReadOnlyList<Problem>[points.Count];
        Parallel.For(0, points.Count, parallel, index => found[index] =
            [.. new SimulatedPoint(points[index]).Check().Select(problem => problem with { Place = $"{points[index].Id}: {problem.Place}", File = file })]);
        Problem[] problems = [.. found.SelectMany(list => list)];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
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

        if (RunRecord.Read(folder).Manifest.Verdict.Reasons.All(reason => reason.Code != RunVerdict.InterruptedCode))
        {
            return true;
        }

        Directory.Delete(folder, recursive: true);
        return false;
    }
}
