using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that change the load of a workload: how long requests are, how many there are, for how long, and the SLO.</summary>
internal sealed class LoadOptionSet
{
    internal const double MaxSeconds = 10_000_000;

    private readonly PromptOptionSet prompts = new();

    private readonly Option<string?> inputTokens = new("--input-tokens")
    {
        Description = "Length of the prompts in tokens: a number, or MEAN,DEVIATION of a normal distribution, or a distribution as in a "
            + "workload file.",
        HelpName = "LENGTH",
    };

    private readonly Option<string?> outputTokens = new("--output-tokens")
    {
        Description = "Length of the outputs in tokens, in the same forms as --input-tokens.",
        HelpName = "LENGTH",
    };

    private readonly Option<int?> requests = new Option<int?>("--requests")
    {
        Description = $"Number of requests, 1 to {RequestLimits.MaxRequests}. Without --duration no time limits them.",
        HelpName = "N",
    }.Require(value => value is >= 1 and <= RequestLimits.MaxRequests, $"a whole number in [1, {RequestLimits.MaxRequests}]");

    private readonly Option<double?> duration = new Option<double?>("--duration")
    {
        Description = $"Time for which requests are sent in seconds, above 0 to {MaxSeconds}. Without --requests no number limits them.",
        HelpName = "SECONDS",
    }.Require(value => value is > 0 and <= MaxSeconds, $"a number in (0, {MaxSeconds}]");

    private readonly Option<double?> warmUp = new Option<double?>("--warm-up")
    {
        Description = "Time at the beginning whose requests do not count in seconds, at least 0.",
        HelpName = "SECONDS",
    }.Require(value => value is >= 0 and <= MaxSeconds, $"a number in [0, {MaxSeconds}]");

    private readonly Option<string?> slo = new("--slo")
    {
        Description = "The latency limits: limits in one line, for example ttft_p99=400ms,tbt_p99=100ms, a profile's name "
            + $"({string.Join(", ", SloCatalog.Names)}), or a file.",
        HelpName = "SLO",
    };

    private readonly Option<ulong?> seed = new Option<ulong?>("--seed")
    {
        Description = "Seed of every random sequence, 0 to 2^53 - 1.",
        HelpName = "N",
    }.Require(value => value < 1UL << 53, "a whole number in [0, 2^53 - 1]");

    internal void AddTo(Command command) => AddTo(command, LoadDefaults.OfTheWorkload);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="defaults">What holds where the user gives nothing, in words.</param>
    internal void AddTo(Command command, LoadDefaults defaults)
    {
        prompts.AddTo(command);
        (Option Option, string Default)[] options =
        [
            (inputTokens, defaults.InputTokens), (outputTokens, defaults.OutputTokens), (requests, defaults.End), (duration, defaults.End),
            (warmUp, defaults.WarmUp), (slo, defaults.Slo), (seed, defaults.Seed),
        ];
        foreach ((Option option, string text) in options)
        {
            option.Description += $" Default: {text}.";
            command.Add(option);
        }
    }

    /// <summary>The number of requests that the user gave; <c>null</c> if none was given.</summary>
    internal int? Requests(ParseResult parsed) => parsed.GetValue(requests);

    /// <summary>The time for which requests are sent that the user gave, in seconds; <c>null</c> if none was given.</summary>
    internal double? DurationSeconds(ParseResult parsed) => parsed.GetValue(duration);

    /// <summary>The warm-up that the user gave, in seconds; <c>null</c> if none was given.</summary>
    internal double? WarmUpSeconds(ParseResult parsed) => parsed.GetValue(warmUp);

    /// <summary>A workload with the changes that the options ask for. Its numbers are checked when it becomes an operating point.</summary>
    /// <exception cref="InvalidInputException">Options cannot be read or cannot be applied to the workload. All are named.</exception>
    internal Workload Apply(ParseResult parsed, Workload asked)
    {
        Workload workload = prompts.Apply(parsed, asked);
        List<Problem> problems = [];
        Workload changed = workload with
        {
            Lengths = Lengths(parsed, workload, problems),
            Slo = parsed.GetValue(slo) is { } text
                ? Read(() => SloCatalog.Read(text), problem => problem.File is null ? problem with { Place = slo.Name } : problem, problems)
                : workload.Slo,
            Seed = parsed.GetValue(seed) ?? workload.Seed,
            WarmUpSeconds = parsed.GetValue(warmUp) ?? workload.WarmUpSeconds,
        };
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        changed = changed is { Arrival: not TraceArrival, Lengths: not TraceLengths } ? changed with { Trace = null } : changed;
        return WithEnd(parsed, changed);
    }

    /// <summary>
    /// The workload with the end that the options ask for. A closed loop needs a number of requests even where a duration ends it.
    /// </summary>
    private Workload WithEnd(ParseResult parsed, Workload workload)
    {
        (int? count, double? seconds) = (parsed.GetValue(requests), parsed.GetValue(duration));
        if (count is null && seconds is null)
        {
            return workload;
        }

        return workload with { Requests = count ?? workload.Arrival.RequestsWithin(seconds!.Value), DurationSeconds = seconds };
    }

    private LengthModel Lengths(ParseResult parsed, Workload workload, List<Problem> problems)
    {
        LengthDistribution? input = Length(parsed, inputTokens, problems);
        LengthDistribution? output = Length(parsed, outputTokens, problems);
        switch (input, output, workload.Lengths)
        {
            case (null, null, _):
                return workload.Lengths;
            case ({ }, _, DatasetLengths):
                problems.Add(new Problem(inputTokens.Name, "it with a dataset", "one of the two: prompts are as long as their text"));
                return workload.Lengths;
            case (_, { } answered, DatasetLengths):
                return new DatasetLengths { Output = answered };
            case ({ } asked, { } answered, _):
                return new IndependentLengths { Input = asked, Output = answered };
            case (_, _, IndependentLengths own):
                return own with { Input = input ?? own.Input, Output = output ?? own.Output };
            default:
                if (problems.Count == 0)
                {
                    (Option given, Option other) = input is null ? (outputTokens, inputTokens) : (inputTokens, outputTokens);
                    problems.Add(new Problem(
                        given.Name, "it alone", $"{other.Name} with it: this workload draws prompts and outputs together"));
                }

                return workload.Lengths;
        }
    }

    private static LengthDistribution? Length(ParseResult parsed, Option<string?> option, List<Problem> problems) =>
        parsed.GetValue(option) is { } text
            ? Read(() => LengthText.Parse(text, option.Name), problem => problem, problems)
            : null;

    private static T? Read<T>(Func<T> read, Func<Problem, Problem> rename, List<Problem> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidInputException exception)
        {
            problems.AddRange(exception.Problems.Select(rename));
            return null;
        }
    }
}

/// <summary>What holds for a load where the user gives nothing, in words that follow "Default:".</summary>
/// <param name="InputTokens">Length of the prompts.</param>
/// <param name="OutputTokens">Length of the outputs.</param>
/// <param name="End">When the load ends.</param>
/// <param name="WarmUp">Length of the warm-up.</param>
/// <param name="Slo">The latency limits.</param>
/// <param name="Seed">The seed.</param>
internal sealed record LoadDefaults(string InputTokens, string OutputTokens, string End, string WarmUp, string Slo, string Seed)
{
    /// <summary>A workload states everything.</summary>
    internal static LoadDefaults OfTheWorkload { get; } = new(
        "the workload's lengths", "the workload's lengths", "the end of the workload", "the workload's warm-up", "the workload's SLO",
        "the workload's seed");
}
