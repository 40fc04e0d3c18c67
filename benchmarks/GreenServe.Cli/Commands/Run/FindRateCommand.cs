using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Cli.Running;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Serving.Search;
using GreenServe.Serving.Servers;
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
        Description = "A workload with an SLO: a file, or a name of the catalogue. A closed loop is searched in users, an open one in requests per second.",
    };

    private static readonly Option<double> FromOption = new("--from")
    {
        Description = "Load to begin with, above 0: requests per second, or users.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> ToOption = new("--to")
    {
        Description = "Highest load to try.",
        HelpName = "N",
        DefaultValueFactory = _ => 10_000,
    };

    private static readonly Option<double> ResolutionOption = new("--resolution")
    {
        Description = "How close the highest load that passes and the lowest that fails must come, as a share in (0, 1].",
        HelpName = "RATIO",
        DefaultValueFactory = _ => 0.05,
    };

    private static readonly Option<int> RepetitionsOption = new("--repetitions")
    {
        Description = "Runs that decide about a load by majority; odd. Run r uses the workload's seed + r.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<string> OutOption = new("--out")
    {
        Description = $"Folder for the run record of every trial and the result ({ResultName}); must be new or empty.",
        HelpName = "DIR",
        Required = true,
    };

    internal static Command Create()
    {
        PointOptions point = new();
        ServerOptions server = new();
        Command command = new("find-rate", "Find the highest load that meets the workload's SLO, with confidence from repeated runs.")
        {
            WorkloadArgument, FromOption, ToOption, ResolutionOption, RepetitionsOption, OutOption,
        };
        point.AddTo(command);
        server.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, point, server, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, PointOptions options, ServerOptions server, CancellationToken cancellationToken)
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

        OutputFolder.CreateEmpty(folder);
        RateSearchResult result = await SearchAsync(parsed, options, server, workload, search, folder, cancellationToken).ConfigureAwait(false);
        string unit = search.IsWhole ? "users" : "requests/s";
        OutputFile.Replace(Path.Combine(folder, ResultName), ToJson(result, unit).ToJsonString(new JsonSerializerOptions(DocumentContract.Indented)) + "\n");
        parsed.InvocationConfiguration.Output.WriteLine(Conclude(result, unit));
        return result.Highest is null ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>Searches, on a server that is started for the whole search where the options name one.</summary>
    private static async Task<RateSearchResult> SearchAsync(
        ParseResult parsed, PointOptions options, ServerOptions server, Workload workload, RateSearchOptions search, string folder, CancellationToken cancellationToken)
    {
        using IDisposable hold = StopSignals.Hold();
        if (options.Backend(parsed) != BackendKind.OpenAI || server.Server(parsed) is not { } definition)
        {
            RateTrialRunner runner = new(parsed, options, server, workload, folder);
            return await new RateSearch(search, runner.RunAsync).FindAsync(cancellationToken).ConfigureAwait(false);
        }

        OperatingPoint point = options.Point(parsed, workload);
        ServerCommand command = ServerCommand.For(definition, point.Workload.Model, point.Knobs, definition.Port ?? LaunchedServer.FreePort());
        await using LaunchedServer started = await LaunchedServer
            .StartAsync(command, Path.Combine(folder, "server.log"), cancellationToken).ConfigureAwait(false);
        RateTrialRunner onStarted = new(parsed, options, server, workload, folder)
        {
            ToStarted = connection => connection with { Endpoint = started.Endpoint, Dialect = connection.Dialect ?? command.Dialect },
        };
        return await new RateSearch(search, onStarted.RunAsync).FindAsync(cancellationToken).ConfigureAwait(false);
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

    private static string Conclude(RateSearchResult result, string unit)
    {
        if (result.Highest is not { } highest)
        {
            return FormattableString.Invariant($"The SLO is not met even at {result.LowestFailing:G4} {unit}.");
        }

        (double low, double high) = result.PassProbability;
        string beyond = result.LowestFailing is { } failing ? string.Create(CultureInfo.InvariantCulture, $"missed at {failing:G4}") : "never missed: raise --to";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The SLO is met up to {highest:G4} {unit} ({beyond}): {result.Passes} of {result.Runs} runs, {low:P0} to {high:P0} of runs with 95 % confidence.");
    }
}
