using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve check-gate</c>: how often <c>compare --gate</c> is right at a level of noise.</summary>
internal static class CheckGateCommand
{
    /// <summary>Share of the trials that must find a true change for the repetitions to suffice. It is the usual power of a test.</summary>
    private const double WantedShare = 0.95;

    /// <summary>Largest number of repetitions that is tried as an answer. Hardly anyone runs more, and each costs time.</summary>
    private const int MaxRepetitions = 30;

    /// <summary>Smallest number of repetitions that has a spread.</summary>
    private const int MinRepetitions = 2;

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with repeated run records. The spread between their repetitions is the noise. "
            + "Without them --spread is the noise.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<double> SpreadOption = new Option<double>("--spread")
    {
        Description = "Spread of energy, power and throughput between runs, as a share, 0.0001 to 0.5. "
            + "Medians of latency get twice this spread, tails five times.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.01,
    }.Require(value => value is >= 0.0001 and <= 0.5, "a number in [0.0001, 0.5]");

    private static readonly Option<double> ChangeOption = new Option<double>("--change")
    {
        Description = "True change that is to be found, as a share, 0.001 to 1.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.05,
    }.Require(value => value is >= 0.001 and <= 1, "a number in [0.001, 1]");

    private static readonly Option<int> RepetitionsOption = new Option<int>("--repetitions")
    {
        Description = "Number of repetitions on each side, 2 to 100.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    }.Require(value => value is >= MinRepetitions and <= 100, $"a whole number in [{MinRepetitions}, 100]");

    private static readonly Option<int> TrialsOption = new Option<int>("--trials")
    {
        Description = "Number of comparisons that are tried for each result, 100 to 100000.",
        HelpName = "N",
        DefaultValueFactory = _ => 1000,
    }.Require(value => value is >= 100 and <= 100_000, "a whole number in [100, 100000]");

    internal static Command Create()
    {
        Command command = new(
            "check-gate",
            "Check of 'compare --gate': how often equal systems raise a false alarm, and how often a true change is found, at a level of "
            + "noise. Exit code 1 if there are more false alarms than wanted.")
        {
            RecordsArgument, SpreadOption, ChangeOption, RepetitionsOption, TrialsOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        (IReadOnlyList<(GatedMetric Metric, double Spread)> spreads, string origin) = Spreads(parsed);
        GateCheck check = new(
            spreads, parsed.GetValue(RepetitionsOption), parsed.GetValue(TrialsOption), parsed.GetValue(ChangeOption));

        GateStudy study = new(spreads, check.Repetitions);
        int alarms = study.FalseAlarms(check.Trials);
        int heavy = new GateStudy(spreads, check.Repetitions, isHeavyTailed: true).FalseAlarms(check.Trials);
        string size = $"{check.Repetitions} repetitions a side, {spreads.Count} metrics at once";
        string wanted = Text($"wanted at most {ComparisonRule.FalseAlarmProbability:0 %}");
        output.WriteLine($"noise: {origin}");
        output.WriteLine($"false alarms: {alarms} of {check.Trials} comparisons of equal systems ({size}); {wanted}");
        output.WriteLine($"false alarms with heavy tails (Student's t, 3 degrees of freedom): {heavy} of {check.Trials}");
        output.WriteLine(Text($"a true change of {check.Change:0.#%} for the worse, in one metric at a time:"));
        TerminalTable.Write(
            output,
            ["Metric", ">Spread between runs", ">Found", ">Share", ">Repetitions for 95 %"],
            spreads.Where(pair => !pair.Metric.IsAbsolute).Select(pair => Row(pair, check, study)));
        return alarms <= ComparisonRule.FalseAlarmProbability * check.Trials ? ExitCode.Success : ExitCode.Failed;
    }

    private static (IReadOnlyList<(GatedMetric Metric, double Spread)> Spreads, string Origin) Spreads(ParseResult parsed)
    {
        if (parsed.GetValue(RecordsArgument) is not { Length: > 0 } folders)
        {
            double spread = parsed.GetValue(SpreadOption);
            string assumed = Text($"assumed: {spread:0.##%} between runs for energy, power and throughput");
            return (GateStudy.Assumed(spread), $"{assumed}, twice for medians, five times for tails");
        }

        if (parsed.IsGiven(SpreadOption))
        {
            throw new InvalidInputException(
                new Problem(SpreadOption.Name, "also RECORDS, whose spread is taken", "one of the two"));
        }

        IReadOnlyList<ExperimentRun> runs = ExperimentRun.ReadAll(folders);
        RunSpread[] known = [.. RunSpread.Of(runs).Where(spread => spread.Spread is not null)];
        if (known.Length == 0)
        {
            throw new InvalidInputException(new Problem(
                "records", "no operating point with two valid runs", "repeated runs: one repetition has no spread", folders[0]));
        }

        string evidence = string.Join(" and ", runs.Select(run => EnumText.Of(run.Metrics.Manifest.Evidence)).Distinct());
        int points = known.Max(spread => spread.Points);
        int freedom = known.Max(spread => spread.DegreesOfFreedom);
        return (
            [.. known.Select(spread => (spread.Metric, spread.Spread!.Value))],
            $"between the repetitions of {runs.Count} {evidence} runs ({points} operating points, {freedom} degrees of freedom)");
    }

    private static string[] Row((GatedMetric Metric, double Spread) pair, GateCheck check, GateStudy study)
    {
        int found = study.Found(pair.Metric.Metric.Name, check.Change, check.Trials);
        int from = found >= WantedShare * check.Trials ? MinRepetitions : check.Repetitions + 1;
        string needed = RepetitionsNeeded(pair.Metric.Metric.Name, check, from) is { } repetitions
            ? Text($"{repetitions}")
            : $"over {MaxRepetitions}";
        return
        [
            pair.Metric.Metric.Title,
            Text($"{pair.Spread:0.00%}"),
            Text($"{found} of {check.Trials}"),
            Text($"{(double)found / check.Trials:0.0%}"),
            needed,
        ];
    }

    /// <summary>The fewest repetitions that find the change often enough; <c>null</c> if <see cref="MaxRepetitions"/> do not.</summary>
    private static int? RepetitionsNeeded(string metric, GateCheck check, int from)
    {
        if (!Suffice(MaxRepetitions))
        {
            return null;
        }

        (int least, int most) = (from, MaxRepetitions);
        while (least < most)
        {
            int middle = (least + most) / 2;
            (least, most) = Suffice(middle) ? (least, middle) : (middle + 1, most);
        }

        return most;

        bool Suffice(int repetitions) =>
            new GateStudy(check.Spreads, repetitions).Found(metric, check.Change, check.Trials) >= WantedShare * check.Trials;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The arguments of a gate check.</summary>
    /// <param name="Spreads">Spread of each metric between runs, as a share.</param>
    /// <param name="Repetitions">Number of repetitions on each side.</param>
    /// <param name="Trials">Number of comparisons for each result.</param>
    /// <param name="Change">The true change, as a share.</param>
    private sealed record GateCheck(
        IReadOnlyList<(GatedMetric Metric, double Spread)> Spreads, int Repetitions, int Trials, double Change);
}
