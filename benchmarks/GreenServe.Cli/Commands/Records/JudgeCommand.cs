using System.CommandLine;
using System.Globalization;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Judging;

namespace GreenServe.Cli.Commands.Records;

/// <summary><c>greenserve judge</c>: finds windows and verdicts of records again, from their own readings.</summary>
internal static class JudgeCommand
{
    private const string RefreshForm = "METER=SECONDS with seconds in (0, 60], for example gpu0.energy=0.1";

    private static readonly Argument<string[]> RecordsArgument = new("RECORDS")
    {
        Description = "Folders with run records, or folders above them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string[]> RefreshOption = new("--refresh")
    {
        Description = $"Refresh period of a meter whose record tells none, as {RefreshForm}. May be repeated. "
            + "'greenserve meters' finds the period.",
        HelpName = "METER=SECONDS",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<double> ShiftOption = new Option<double>("--longest-shift")
    {
        Description = "Longest time by which an edge of the window may move inwards, to a refresh of the energy counter. "
            + "In seconds, 0 to 60.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 1,
    }.Require(value => value is >= 0 and <= 60, "a number in [0, 60]");

    internal static Command Create()
    {
        Command command = new(
            "judge",
            "Judge records again from their own tables: the steady window, what was completed, and of measured records the window on "
            + "refreshes of the energy counter, the error of the energy and the cross-check. The tables stay unchanged. Where the "
            + $"verdict changes, the first manifest is kept as {RecordJudge.EarlierManifest}. Exit code 4 if a record is INVALID.")
        {
            RecordsArgument,
            RefreshOption,
            ShiftOption,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        RecordJudge judge = new(RefreshPeriods(parsed.GetRequiredValue(RefreshOption)), parsed.GetValue(ShiftOption));
        TextWriter output = parsed.InvocationConfiguration.Output;
        RecordBatch<RunVerdict> judged = RecordBatch.Of(RecordSearch.In(parsed.GetRequiredValue(RecordsArgument)), folder =>
        {
            RunVerdict verdict = judge.Judge(RunRecord.Read(folder));
            output.WriteLine(TerminalTable.Clean($"{folder}: {verdict}"));
            return verdict;
        });
        int invalid = judged.Items.Count(verdict => !verdict.IsValid);
        output.WriteLine($"{judged.Items.Count} records, {invalid} of them INVALID");
        return UnreadableText.Write(parsed, judged.Problems, invalid == 0 ? ExitCode.Success : ExitCode.InvalidRun);
    }

    private static Dictionary<string, double> RefreshPeriods(string[] texts)
    {
        Dictionary<string, double> periods = [];
        List<Problem> problems = [];
        foreach (string text in texts)
        {
            int split = text.LastIndexOf('=');
            if (split > 0 && PeriodOf(text[(split + 1)..]) is { } seconds)
            {
                periods[text[..split]] = seconds;
            }
            else
            {
                problems.Add(new Problem("--refresh", $"'{text}'", RefreshForm));
            }
        }

        return problems.Count == 0 ? periods : throw new InvalidInputException(problems);
    }

    /// <summary>The period in seconds that a text states; <c>null</c> if it is no number above 0 to 60.</summary>
    private static double? PeriodOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 60
            ? seconds
            : null;
}
