using System.CommandLine;
using System.Text.Json;
using GreenServe.Analysis.Results;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Live;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Running;
using GreenServe.Search;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary><c>greenserve find-rate</c>: the highest load of a workload that meets its SLO.</summary>
internal static class FindRateCommand
{
    private const string ResultName = "find-rate.json";

    private const double MaxLoad = ArrivalOptionSet.MaxLoad;

    private const int MaxRepetitions = 999;

    private static readonly Argument<string> WorkloadArgument = new("WORKLOAD")
    {
        Description = "A workload with an SLO: a file, or a name of the catalog. "
            + "The load of a closed loop is its number of users, that of stages their load_factor, and that of another open loop its "
            + "requests per second.",
    };

    private static readonly Option<double> FromOption = new Option<double>("--from")
    {
        Description = $"Load to begin with, in requests per second or users, above 0 to {MaxLoad}. A closed loop begins with a whole user.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.Require(value => value is > 0 and <= MaxLoad, $"a number in (0, {MaxLoad}]");

    private static readonly Option<double> ToOption = new Option<double>("--to")
    {
        Description = $"Highest load to try, in requests per second or users, --from to {MaxLoad}.",
        HelpName = "N",
        DefaultValueFactory = _ => 10_000,
    }.Require(value => value is > 0 and <= MaxLoad, $"a number in [--from, {MaxLoad}]");

    private static readonly Option<double> ResolutionOption = new Option<double>("--resolution")
    {
        Description = "The search ends when the lowest load that fails is at most this share above the highest that passes. Above 0 to 1.",
        HelpName = "RATIO",
        DefaultValueFactory = _ => 0.05,
    }.Require(value => value is > 0 and <= 1, "a number in (0, 1]");

    private static readonly Option<int> RepetitionsOption = new Option<int>("--repetitions")
    {
        Description = $"Number of runs for each load, odd, 1 to {MaxRepetitions}. The majority decides. "
            + "Run r uses the workload's seed + r at every load, so that it serves the same requests, only faster.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    }.Require(value => value is >= 1 and <= MaxRepetitions && value % 2 == 1, $"an odd number in [1, {MaxRepetitions}]");

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = $"Folder for the run record of every trial and for the result ({ResultName}). It must be new or empty.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create(CommandContext context)
    {
        Command command = new(
            "find-rate",
            "Find the highest load that meets the workload's SLO, and what decided. Repeated runs tell how sure the answer is. "
            + "Simulated runs get at least 1,000 requests behind each limit of the SLO. Exit code 1 if no load meets it.")
        {
            WorkloadArgument, FromOption, ToOption, ResolutionOption, RepetitionsOption, OutOption,
        };
        LoadOptionSet load = new();
        load.AddTo(command);
        BackendOptionSet backends = BackendOptionSet.AddedTo(command, offersCluster: true);
        PointOptionSet point = new();
        point.AddTo(command, backends.Uses);
        ServerOptionSet server = new(context, backends);
        server.AddTo(command);
        LiveOptionSet live = new(context);
        live.AddTo(command);
        ResultOptionSet result = new();
        result.AddTo(command);
        FindRateOptions options = new(load, backends, point, server, live, result);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, options, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, FindRateOptions options, CommandContext context, CancellationToken cancellationToken)
    {
        options.Result.Require(parsed);
        ServerKinds chosen = options.Backends.Choose(parsed);
        Workload workload = options.Load.Apply(parsed, WorkloadCatalog.Read(parsed.GetRequiredValue(WorkloadArgument)));
        OperatingPoint point = options.Point.Point(parsed, workload, options.Backends, chosen);
        RateSearchOptions search = SearchOptions(parsed, point.Workload);
        string folder = parsed.GetRequiredValue(OutOption);
        PointRunnerOptions runnerOptions = options.Server.Runner(parsed, chosen, [point], options.Point.ModelName(parsed)) with
        {
            // One server serves the whole search, so that every load meets it in the same state.
            SharedServerLog = Path.Combine(folder, "server.log"),
            EngineOutput = TextWriter.Null,
        };
        RateSearchResult result = await options.Live
            .ShowAsync(parsed, point.Workload.Name, runnerOptions, SearchAsync, cancellationToken).ConfigureAwait(false);
        string unit = point.Workload.Arrival switch
        {
            ClosedLoopArrival => "users",
            StagedArrival => "times the stated rates",
            _ => "requests/s",
        };
        FindRateText text = new(result, unit);
        string json = text.ToJson().ToJsonString(new JsonSerializerOptions(DocumentContract.Indented));
        OutputFile.Replace(Path.Combine(folder, ResultName), json + "\n");
        foreach (string line in text.Lines)
        {
            parsed.InvocationConfiguration.Output.WriteLine(line);
        }

        int code = result.Highest is null ? ExitCode.Failed : ExitCode.Success;
        options.Result.Write(parsed, () => ToDocument(result, unit, text.Decision, code, folder));
        return code;

        async Task<RateSearchResult> SearchAsync(ShownRun shown)
        {
            await using IPointRunner runner = PointRunner.Open(shown.Options);
            runner.RequireRunnable(point);
            using IDisposable claim = OutputFolder.Claim(folder, mustBeEmpty: true);
            using IDisposable hold = context.Lifetime.Hold();
            RateTrialRunner trials = new(
                runner, point, folder, shown.Lines, ServerKinds.Simulated.HasFlag(chosen) ? search.Repetitions : null);
            return await new RateSearch(search, trials.RunAsync).FindAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The search that is asked for. Nothing is written before it is known to be possible.</summary>
    /// <exception cref="InvalidInputException">The workload has no SLO or no single rate, or the range is empty.</exception>
    private static RateSearchOptions SearchOptions(ParseResult parsed, Workload workload)
    {
        List<Problem> problems = [];
        if (workload.Slo is null)
        {
            problems.Add(new Problem(
                "$.slo", null, "an SLO, in the workload or with --slo: without one every load is as good as any other"));
        }

        if (!RateTrialRunner.HasSingleRate(workload))
        {
            problems.Add(new Problem(
                "$.arrival.kind", ArrivalKindOf(workload), $"{RateTrialRunner.SingleRates}: other loads have no single rate"));
        }

        (double from, double to) = (parsed.GetValue(FromOption), parsed.GetValue(ToOption));
        if (to < from)
        {
            problems.Add(new Problem(ToOption.Name, to, FormattableString.Invariant($"a number of at least --from ({from})")));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new RateSearchOptions
        {
            Lowest = from,
            Highest = to,
            IsWhole = workload.Arrival is ClosedLoopArrival,
            ResolutionRatio = parsed.GetValue(ResolutionOption),
            Repetitions = parsed.GetValue(RepetitionsOption),
        };
    }

    /// <summary>The kind of arrivals as the workload file names it.</summary>
    private static string? ArrivalKindOf(Workload workload) => DocumentContract.ToNode(workload)!["arrival"]?["kind"]?.GetValue<string>();

    private static ResultDocument ToDocument(RateSearchResult result, string unit, string? decision, int code, string folder) => new()
    {
        Command = "find-rate",
        ExitCode = code,
        Points = ResultOptionSet.Read(folder, Directory.GetDirectories(folder).Select(Path.GetFileName).OfType<string>().Order()),
        Search = new ResultSearch
        {
            Unit = unit,
            Highest = result.Highest,
            LowestFailing = result.LowestFailing,
            LowPassProbability = result.PassProbability.Low,
            HighPassProbability = result.PassProbability.High,
            EveryRunMeets = result.EveryRunMeets,
            EveryRunMisses = result.EveryRunMisses,
            Decision = decision,
            RequestsBehindDecision = (result.DecidedFailing ?? result.DecidedHighest)?.Tightest?.Requests,
        },
    };

    /// <summary>The options of the command that choose the server, the operating point, the load and the view.</summary>
    private sealed record FindRateOptions(
        LoadOptionSet Load,
        BackendOptionSet Backends,
        PointOptionSet Point,
        ServerOptionSet Server,
        LiveOptionSet Live,
        ResultOptionSet Result);
}
