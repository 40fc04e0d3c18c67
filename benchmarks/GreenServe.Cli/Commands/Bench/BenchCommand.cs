using System.CommandLine;
using GreenServe.Analysis;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Results;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Commands.Records;
using GreenServe.Cli.Commands.Run;
using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Benches;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Cli.Commands.Bench;

/// <summary><c>greenserve bench</c>: a running server, its range of loads, and what a token costs in it.</summary>
internal static class BenchCommand
{
    private const string ReportName = "index.html";

    /// <summary>A baseline of 5 s after 10 s of rest: long against the refresh of a counter, short against eight minutes.</summary>
    private const double BaselineSeconds = 5;

    /// <summary>
    /// How long the requests of a load may go on after the last one was sent (s). A load above capacity has shown by then that it is.
    /// </summary>
    private const double DrainSeconds = 60;

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "Folder for the records, the report (index.html) and the table. It must be new or empty, unless --resume is given. "
            + "Default: runs/ and the time in UTC, as runs/yyyyMMdd-HHmmss.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> ResumeOption = new("--resume")
    {
        Description = "Go on in the folder of an earlier bench that was asked for the same thing. Its whole records are used again, "
            + "and their time does not count. Default: the folder must be new or empty.",
    };

    private static readonly Option<string?> ModelOption = new("--model")
    {
        Description = "The name that the server knows the model by. Default: the first model that the server lists.",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> SetOption = new("--set")
    {
        Description = "Value of a knob that the server runs with, for example tensor_parallelism=4, for the record. May be repeated. "
            + "Clocks and power caps are set on the GPUs of this machine, with --allow-device-changes. "
            + $"Knobs: {string.Join(", ", PointSettings.Names)}. Default: the knobs are not known, and the record says so.",
        HelpName = "KNOB=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>
    /// What is asked where the user says nothing: 512 tokens in and 128 out, near the medians of the recorded conversations and the usual
    /// choice of load generators.
    /// </summary>
    private static readonly Workload Usual = new()
    {
        Name = BenchPlan.Experiment,
        Purpose = "what a token costs on a running server, at which load, within which latency",
        Source = "stated on the command line; lengths that are not stated are 512 tokens in and 128 out",
        Model = "served",
        Arrival = new ClosedLoopArrival { Concurrency = 1 },
        Lengths = new IndependentLengths { Input = new FixedLength { Tokens = 512 }, Output = new FixedLength { Tokens = 128 } },
        Requests = 1,
    };

    private static readonly LoadDefaults Defaults = new(
        "512", "128", "the time at each load follows from --minutes and the server's speed",
        "at least 15 % of the time at each load, and as long as one request", "none: every load that the server follows is as good", "1");

    /// <summary>A server that is running already does not state its hardware, and records of it state none.</summary>
    private static readonly ServingSystem Unknown = new() { Gpu = "unknown", Engine = "unknown" };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "bench",
            "Measure a server that is running: find its range of loads, and say what a token costs, at which load, within which latency. "
            + "Exit code 4 if no run is VALID, and 1 if no load meets --slo.");
        BackendOptionSet backends = BackendOptionSet.OfRunningServer(command);
        BenchOptions options = new(
            backends, new BenchLoadOptionSet(), new LoadOptionSet(), new ServerOptionSet(context, backends, BaselineSeconds),
            new LiveOptionSet(context), new ResultOptionSet());
        options.Loads.AddTo(command);
        options.Load.AddTo(command, Defaults);
        command.Add(ModelOption);
        command.Add(SetOption);
        command.Add(OutOption);
        command.Add(ResumeOption);
        options.Server.AddTo(command);
        options.Live.AddTo(command);
        options.Result.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, BenchOptions options, CommandContext context, CancellationToken cancellationToken)
    {
        options.Result.Require(parsed);
        BenchPlan plan = PlanOf(parsed, options);
        PointRunnerOptions runnerOptions = RunnerOptions(parsed, options, plan);
        string folder = parsed.GetValue(OutOption) ?? RunCommand.DefaultFolder(context.Clock);
        using IDisposable hold = context.Lifetime.Hold();
        try
        {
            using IDisposable claim = OutputFolder.Claim(folder, mustBeEmpty: !parsed.GetValue(ResumeOption));
            return await BenchAsync(parsed, options, context, plan, runnerOptions, folder, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            OutputFolder.RemoveIfEmpty(folder);
        }
    }

    private static async Task<int> BenchAsync(
        ParseResult parsed,
        BenchOptions options,
        CommandContext context,
        BenchPlan plan,
        PointRunnerOptions runnerOptions,
        string folder,
        CancellationToken cancellationToken)
    {
        BenchResult result = await options.Live
            .ShowAsync(parsed, $"bench {options.Backends.ShownEndpoint(parsed)}", runnerOptions, MeasureAsync, cancellationToken)
            .ConfigureAwait(false);
        int code = ExitCodeOf(result);
        options.Result.Write(parsed, () => ToDocument(result, code));
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (result.Results.Count == 0)
        {
            output.WriteLine("stopped  You stopped the bench before its first load had ended.");
            return code;
        }

        BenchText.Write(result, output);
        WriteReport(folder, result);
        output.WriteLine($"report   {Path.Combine(folder, ReportName)}");
        return code;

        async Task<BenchResult> MeasureAsync(ShownRun shown)
        {
            await using IPointRunner runner = PointRunner.Open(shown.Options);
            runner.RequireRunnable(plan.At(OfferedLoad.OfUsers(1), serviceSeconds: null));
            ServerBench bench = new(runner, shown.Options, plan, folder, context.Clock)
            {
                Finished = one => shown.Lines.WriteLine(BenchText.LineOf(one)),
            };
            return await bench.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ResultDocument ToDocument(BenchResult result, int code) => new()
    {
        Command = "bench",
        ExitCode = code,
        IsInterrupted = result.IsInterrupted,
        StoppedBy = result.StoppedBy,
        Points = [.. result.Results.Select(one => ResultPoint.Of(one.Run))],
        Search = new ResultSearch
        {
            Unit = "requests/s",
            Highest = result.HasSlo
                ? result.Results.Where(one => one.IsWithinSlo == true).Max(one => one.Load.RequestsPerSecond)
                : result.HighestFollowed?.Load.RequestsPerSecond,
            LowestFailing = result.HasSlo
                ? result.Results.Where(one => one.IsWithinSlo == false).Min(one => one.Load.RequestsPerSecond)
                : result.LowestAboveCapacity?.Load.RequestsPerSecond,
            BestPoint = Path.GetFileName(result.Best?.Run.Folder),
            KneePoint = Path.GetFileName(result.Knee?.Run.Folder),
        },
    };

    private static int ExitCodeOf(BenchResult result) =>
        result.IsInterrupted ? ExitCode.Cancelled
        : result.Results.All(one => !one.IsValid) || result.LimitOfTheClient is not null ? ExitCode.InvalidRun
        : result.IsSloMissed ? ExitCode.Failed
        : ExitCode.Success;

    private static BenchPlan PlanOf(ParseResult parsed, BenchOptions options)
    {
        Workload asked = options.Load.Apply(parsed, Usual) with
        {
            Model = parsed.GetValue(ModelOption) ?? Usual.Model,
            Requests = Usual.Requests,
            DurationSeconds = null,
            WarmUpSeconds = 0,
        };
        string[] settings = parsed.GetRequiredValue(SetOption);
        List<Problem> problems = [.. SettingUses.Unused(settings, ServerKinds.RunningServer)];
        if (options.Load.WarmUpSeconds(parsed) >= options.Load.DurationSeconds(parsed))
        {
            problems.Add(new Problem(
                "--warm-up", options.Load.WarmUpSeconds(parsed), $"less than --duration ({options.Load.DurationSeconds(parsed)} s)"));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new BenchPlan
        {
            Point = OperatingPoint.Of(asked, Unknown, new Knobs(), settings),
            Loads = options.Loads.Loads(parsed),
            Seconds = options.Loads.Seconds(parsed),
            PointSeconds = options.Load.DurationSeconds(parsed),
            PointRequests = options.Load.Requests(parsed),
            WarmUpSeconds = options.Load.WarmUpSeconds(parsed),
        };
    }

    private static PointRunnerOptions RunnerOptions(ParseResult parsed, BenchOptions options, BenchPlan plan)
    {
        PointRunnerOptions runner = options.Server.Runner(
            parsed,
            ServerKinds.RunningServer,
            [.. plan.Loads.DefaultIfEmpty(OfferedLoad.OfRate(1)).Select(load => plan.At(load, serviceSeconds: null))],
            parsed.GetValue(ModelOption));
        return runner with
        {
            Measurement = runner.Measurement with { Load = runner.Measurement.Load with { DrainSeconds = DrainSeconds } },
        };
    }

    private static void WriteReport(string folder, BenchResult result)
    {
        ExperimentRun[] runs = [.. result.Results.Select(one => one.Run).OrderBy(run => run.Folder, StringComparer.Ordinal)];
        AnalysisOutput.WriteArtifacts(runs, folder);
        string evidence = EnumText.Of(result.Evidence!.Value);
        IEnumerable<Headline> findings =
            BenchText.Answer(result).Select(item => new Headline(evidence, $"{item.Name}: {item.Sentence}"));
        ValidationFigures.CompleteReport(folder);
        AnalysisOutput.WriteReport(claimsFolder: null, folder, [.. findings]);
    }

    private sealed record BenchOptions(
        BackendOptionSet Backends, BenchLoadOptionSet Loads, LoadOptionSet Load, ServerOptionSet Server, LiveOptionSet Live,
        ResultOptionSet Result);
}
