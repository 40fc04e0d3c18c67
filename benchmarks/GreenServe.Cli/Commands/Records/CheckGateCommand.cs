using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Cli.Terminal;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve check-gate</c>: truth test of <c>compare --gate</c> at a level of noise.</summary>
internal static class CheckGateCommand
{
    private const double WantedShare = 0.95;
    private const int MaxRepetitions = 30;

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with repeated run records, whose spread between repetitions is the noise. None: --spread is.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<double> SpreadOption = new("--spread")
    {
        Description = "Spread of energy, power and throughput between runs as a share, 0.0001 to 0.5; medians get twice, tails five times of it.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.01,
    };

    private static readonly Option<double> ChangeOption = new("--change")
    {
        Description = "True change to find, as a share, 0.001 to 1.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.05,
    };

    private static readonly Option<int> RepetitionsOption = new("--repetitions")
    {
        Description = "Repetitions a side, 2 to 100.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> TrialsOption = new("--trials")
    {
        Description = "Comparisons to try for each number, 100 to 100000.",
        HelpName = "N",
        DefaultValueFactory = _ => 1000,
    };

    internal static Command Create()
    {
        Command command = new("check-gate", "Truth test of 'compare --gate': false alarms of equal systems, and true changes found, at a level of noise.")
        {
            RecordsArgument, SpreadOption, ChangeOption, RepetitionsOption, TrialsOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Require(parsed);
        (int repetitions, int trials, double change) = (parsed.GetValue(RepetitionsOption), parsed.GetValue(TrialsOption), parsed.GetValue(ChangeOption));
        TextWriter output = parsed.InvocationConfiguration.Output;
        (IReadOnlyList<(GatedMetric Metric, double Spread)> spreads, string origin) = Spreads(parsed);

        GateStudy normal = new(spreads, repetitions);
        int alarms = normal.FalseAlarms(trials);
        int heavy = new GateStudy(spreads, repetitions, isHeavyTailed: true).FalseAlarms(trials);
        output.WriteLine($"noise: {origin}");
        output.WriteLine(Text($"false alarms: {alarms} of {trials} comparisons of equal systems ({repetitions} repetitions a side, {spreads.Count} metrics at once); wanted at most {ComparisonRule.FalseAlarmRate:0 %}"));
        output.WriteLine(Text($"false alarms with heavy tails (Student's t, 3 degrees of freedom): {heavy} of {trials}"));
        output.WriteLine(Text($"a true change of {change:0.#%} for the worse, in one metric at a time:"));
        TerminalTable.Write(
            output,
            ["Metric", ">Spread between runs", ">Found", ">Share", ">Repetitions for 95 %"],
            spreads.Where(pair => !pair.Metric.IsAbsolute).Select(pair => Row(pair, spreads, normal, change, trials, repetitions)));
        return alarms <= ComparisonRule.FalseAlarmRate * trials ? ExitCode.Success : ExitCode.Failed;
    }

    private static (IReadOnlyList<(GatedMetric Metric, double Spread)> Spreads, string Origin) Spreads(ParseResult parsed)
    {
        if (parsed.GetValue(RecordsArgument) is not { Length: > 0 } folders)
        {
            double spread = parsed.GetValue(SpreadOption);
            return (GateStudy.Assumed(spread), Text($"assumed: {spread:0.##%} between runs for energy, power and throughput, twice for medians, five times for tails"));
        }

        IReadOnlyList<ExperimentRun> runs = ExperimentRun.ReadAll(folders);
        RunSpread[] known = [.. RunSpread.Of(runs).Where(spread => spread.Spread is not null)];
        string evidence = string.Join(" and ", runs.Select(run => GreenServe.Records.Documents.EnumText.Of(run.Metrics.Manifest.Evidence)).Distinct());
        return known.Length > 0
            ? ([.. known.Select(spread => (spread.Metric, spread.Spread!.Value))],
                $"between the repetitions of {runs.Count} {evidence} runs ({known.Max(spread => spread.Points)} operating points, {known.Max(spread => spread.DegreesOfFreedom)} degrees of freedom)")
            : throw new InvalidInputException(new Problem("records", "no operating point with two valid runs", "repeated runs: one repetition has no spread", folders[0]));
    }

    private static string[] Row(
        (GatedMetric Metric, double Spread) pair, IReadOnlyList<(GatedMetric Metric, double Spread)> spreads, GateStudy study, double change, int trials, int repetitions)
    {
        string name = pair.Metric.Metric.Name;
        int found = study.Found(name, change, trials);
        return
        [
            pair.Metric.Metric.Title, Text($"{pair.Spread:0.00%}"), Text($"{found} of {trials}"), Text($"{(double)found / trials:0.0%}"),
            Needed(name, spreads, change, trials, found >= WantedShare * trials ? 2 : repetitions + 1) is { } needed ? Text($"{needed}") : $"over {MaxRepetitions}",
        ];
    }

    private static int? Needed(string metric, IReadOnlyList<(GatedMetric Metric, double Spread)> spreads, double change, int trials, int from)
    {
        bool Suffice(int repetitions) => new GateStudy(spreads, repetitions).Found(metric, change, trials) >= WantedShare * trials;
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
    }

    private static void Require(ParseResult parsed)
    {
        Problem[] problems =
        [
            .. Outside(SpreadOption, parsed.GetValue(SpreadOption), 0.0001, 0.5), .. Outside(ChangeOption, parsed.GetValue(ChangeOption), 0.001, 1),
            .. Outside(RepetitionsOption, parsed.GetValue(RepetitionsOption), 2, 100), .. Outside(TrialsOption, parsed.GetValue(TrialsOption), 100, 100_000),
        ];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static IEnumerable<Problem> Outside(Option option, double value, double least, double most) =>
        value >= least && value <= most ? [] : [new Problem(option.Name, value, Text($"a number from {least} to {most}"))];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
