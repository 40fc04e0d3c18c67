using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Formatting;
using GreenServe.Records.Documents;
using GreenServe.Search;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The answer of <c>find-rate</c>: in sentences, and as JSON.</summary>
/// <param name="result">What the search found.</param>
/// <param name="unit">Unit of the loads in words.</param>
internal sealed class FindRateText(RateSearchResult result, string unit)
{
    /// <summary>The answer, a sentence or two a line: the load, what decided, where it may lie, and what to know of it.</summary>
    internal IReadOnlyList<string> Lines =>
        [Answer, .. new[] { Missed, Met, Interval }.OfType<string>(), .. result.Inversions.Select(Inversion), .. Warnings];

    /// <summary>What decided, in words; <c>null</c> where no load failed.</summary>
    internal string? Decision => Missed;

    /// <summary>What a reader must know of the answer.</summary>
    private IEnumerable<string> Warnings
    {
        get
        {
            TightestLimit? limit = (result.DecidedFailing ?? result.DecidedHighest) is { Overload: null } decided ? decided.Tightest : null;
            return limit is not null && TailText.Warning(limit.Requests) is { } warning ? [warning] : [];
        }
    }

    private string Answer
    {
        get
        {
            string evidence = $"{EnumText.Of(result.Trials[0].Evidence)} evidence: ";
            if (result.Highest is not { } highest)
            {
                return evidence + $"The SLO is not met even at {Load(result.LowestFailing!.Value)}.";
            }

            (double low, double high) = result.PassProbability;
            string beyond = result.LowestFailing is { } failing ? $"missed at {Number(failing)}" : "never missed: raise --to";
            string confidence = string.Create(CultureInfo.InvariantCulture, $"{low:P0} to {high:P0} of runs with 95 % confidence");
            return $"{evidence}The SLO is met up to {Load(highest)} ({beyond}): {result.Passes} of {result.Runs} runs, {confidence}.";
        }
    }

    private string? Missed => result.DecidedFailing is not { } decided ? null
        : $"At {Load(decided.Load)} {result.Misses} of {result.FailingRuns} runs missed it. " + (decided switch
        {
            { Overload: { } overload } => $"The server did not carry the load: {overload}.",
            { Tightest: { } limit } => $"What decided was {limit.Words}, over {Requests(limit)}.",
            _ => "No limit of the SLO could be tested.",
        });

    private string? Met => result.DecidedHighest is { Tightest: { } limit } decided
        ? $"At {Load(decided.Load)} the limit with the smallest margin is {limit.Words}, over {Requests(limit)}."
        : null;

    private string? Interval => (result.EveryRunMeets, result.EveryRunMisses) switch
    {
        ({ } meets, { } misses) =>
            $"The highest load lies between {Number(meets)}, up to which every run met the SLO, and {Number(misses)} {unit}, from which on "
                + "every run missed it.",
        ({ } meets, null) => result.LowestFailing is null
            ? null
            : $"Every run met the SLO up to {Load(meets)}. No load was tried at which every run missed it.",
        (null, { } misses) => result.Highest is null
            ? null
            : $"Every run missed the SLO from {Load(misses)} on. No load was tried at which every run met it.",
        _ => "No load was tried at which all runs agreed.",
    };

    /// <summary>The answer as JSON.</summary>
    internal JsonObject ToJson() => new()
    {
        ["evidence"] = result.Trials.Count > 0 ? EnumText.Of(result.Trials[0].Evidence) : null,
        ["unit"] = unit,
        ["highest"] = result.Highest,
        ["lowest_failing"] = result.LowestFailing,
        ["passes"] = result.Passes,
        ["runs"] = result.Runs,
        ["pass_probability_low"] = result.PassProbability.Low,
        ["pass_probability_high"] = result.PassProbability.High,
        ["misses_at_lowest_failing"] = result.Misses,
        ["runs_at_lowest_failing"] = result.FailingRuns,
        ["every_run_meets"] = result.EveryRunMeets,
        ["every_run_misses"] = result.EveryRunMisses,
        ["decided_at_highest"] = TrialNode(result.DecidedHighest),
        ["decided_at_lowest_failing"] = TrialNode(result.DecidedFailing),
        ["inversions"] = new JsonArray([.. result.Inversions.Select(pair => new JsonObject
        {
            ["repetition"] = pair.Met.Repetition,
            ["missed_at"] = pair.Missed.Load,
            ["met_at"] = pair.Met.Load,
        })]),
        ["warnings"] = new JsonArray([.. Warnings.Select(warning => JsonValue.Create(warning))]),
        ["trials"] = new JsonArray([.. result.Trials.Select(TrialNode)]),
    };

    private static JsonObject? TrialNode(RateTrial? trial) => trial is null ? null : new JsonObject
    {
        ["load"] = trial.Load,
        ["repetition"] = trial.Repetition,
        ["passes"] = trial.Passes,
        ["finding"] = trial.Finding,
        ["requests"] = trial.Requests,
        ["overload"] = trial.Overload,
        ["tightest_limit"] = trial.Tightest is not { } limit ? null : new JsonObject
        {
            ["words"] = limit.Words,
            ["metric"] = EnumText.Of(limit.Margin.Metric),
            ["percentile"] = limit.Margin.Percentile,
            ["classes"] = limit.Margin.Classes is { } classes ? new JsonArray([.. classes.Select(name => JsonValue.Create(name))]) : null,
            ["limit_seconds"] = limit.Margin.LimitSeconds,
            ["isolated_multiple"] = limit.Margin.IsolatedMultiple,
            ["found_seconds"] = limit.Margin.FoundSeconds,
            ["ratio"] = limit.Margin.Ratio,
            ["requests"] = limit.Requests,
        },
    };

    private string Inversion((RateTrial Missed, RateTrial Met) pair) =>
        $"Run {pair.Met.Repetition} met the SLO at {Load(pair.Met.Load)} and missed it at {Number(pair.Missed.Load)} with the same "
            + "requests: the limit is not sharp there.";

    private static string Requests(TightestLimit limit) => $"{TailText.Count(limit.Requests)} requests";

    private string Load(double load) => $"{Number(load)} {unit}";

    private static string Number(double load) => load.ToString("G4", CultureInfo.InvariantCulture);
}
