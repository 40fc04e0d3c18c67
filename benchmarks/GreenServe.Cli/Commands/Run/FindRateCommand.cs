using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    private static readonly Argument<string> WorkloadArgument = new("WORKLOAD")
    {
        Description = "A workload with an SLO: a file, or a name of the catalog. "
            + "The load of a closed loop is its number of users. The load of an open loop is its requests per second.",
    };

    private static readonly Option<double> FromOption = new("--from")
    {
        Description = "Load to begin with, in requests per second or users, above 0.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> ToOption = new("--to")
    {
        Description = "Highest load to try, in requests per second or users, at least --from.",
        HelpName = "N",
        DefaultValueFactory = _ => 10_000,
    };

    private static readonly Option<double> ResolutionOption = new("--resolution")
    {
        Description = "The search ends when the lowest load that fails is at most this share above the highest that passes. Above 0 to 1.",
        HelpName = "RATIO",
        DefaultValueFactory = _ => 0.05,
    };

    private static readonly Option<int> RepetitionsOption = new("--repetitions")
    {
        Description = "Number of runs for each load, odd, at least 1. The majority decides. Run r uses the workload's seed + r.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = $"Folder for the run record of every trial and for the result ({ResultName}). It must be new or empty.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create(CommandContext context)
    {
        PointOptionSet point = new();
        ServerOptionSet server = new(context);
        Command command = new(
            "find-rate",
            "Find the highest load that meets the workload's SLO. Repeated runs tell how sure the answer is. "
            + "Exit code 1 if no load meets it.")
        {
            WorkloadArgument, FromOption, ToOption, ResolutionOption, RepetitionsOption, OutOption,
        };
        point.AddTo(command);
        server.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, point, server, context, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, PointOptionSet options, ServerOptionSet server, CommandContext context, CancellationToken cancellationToken)
    {
        Workload workload = WorkloadCatalog.Read(parsed.GetRequiredValue(WorkloadArgument));
        if (workload.Slo is null)
        {
            throw new InvalidInputException(new Problem("$.slo", null, "an SLO: without one every load is as good as any other"));
        }

        string folder = parsed.GetRequiredValue(OutOption);
        RateSearchOptions search = new()
        {
            Lowest = parsed.GetValue(FromOption),
            Highest = parsed.GetValue(ToOption),
            IsWhole = workload.Arrival is ClosedLoopArrival,
            ResolutionRatio = parsed.GetValue(ResolutionOption),
            Repetitions = parsed.GetValue(RepetitionsOption),
        };
        if (search.Check().ToArray() is { Length: > 0 } problems)
        {
            throw new InvalidInputException(problems);
        }

        OperatingPoint point = options.Point(parsed, workload);
        PointRunnerOptions runnerOptions = server.Runner(parsed, options, point) with
        {
            // One server serves the whole search, so that every load meets it in the same state.
            SharedServerLog = Path.Combine(folder, "server.log"),
            EngineOutput = TextWriter.Null,
        };
        await using IPointRunner runner = PointRunner.Open(runnerOptions);
        runner.RequireRunnable(point);
        OutputFolder.CreateEmpty(folder);
        using IDisposable hold = context.Lifetime.Hold();
        RateTrialRunner trials = new(runner, point, folder, parsed.InvocationConfiguration.Output);
        RateSearchResult result = await new RateSearch(search, trials.RunAsync).FindAsync(cancellationToken).ConfigureAwait(false);
        string unit = search.IsWhole ? "users" : "requests/s";
        string json = ToJson(result, unit).ToJsonString(new JsonSerializerOptions(DocumentContract.Indented));
        OutputFile.Replace(Path.Combine(folder, ResultName), json + "\n");
        parsed.InvocationConfiguration.Output.WriteLine(Conclude(result, unit));
        return result.Highest is null ? ExitCode.Failed : ExitCode.Success;
    }

    private static JsonObject ToJson(RateSearchResult result, string unit) => new()
    {
        ["unit"] = unit,
        ["highest"] = result.Highest,
        ["lowest_failing"] = result.LowestFailing,
        ["passes"] = result.Passes,
        ["runs"] = result.Runs,
        ["pass_probability_low"] = result.PassProbability.Low,
        ["pass_probability_high"] = result.PassProbability.High,
        ["trials"] = new JsonArray([.. result.Trials.Select(trial => new JsonObject
        {
            ["load"] = trial.Load,
            ["repetition"] = trial.Repetition,
            ["passes"] = trial.Passes,
            ["finding"] = trial.Finding,
        })]),
    };

    /// <summary>The answer in a sentence.</summary>
    private static string Conclude(RateSearchResult result, string unit)
    {
        if (result.Highest is not { } highest)
        {
            return FormattableString.Invariant($"The SLO is not met even at {result.LowestFailing:G4} {unit}.");
        }

        (double low, double high) = result.PassProbability;
        string beyond = result.LowestFailing is { } failing
            ? string.Create(CultureInfo.InvariantCulture, $"missed at {failing:G4}")
            : "never missed: raise --to";
        string confidence = string.Create(CultureInfo.InvariantCulture, $"{low:P0} to {high:P0} of runs with 95 % confidence");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The SLO is met up to {highest:G4} {unit} ({beyond}): {result.Passes} of {result.Runs} runs, {confidence}.");
    }
}
