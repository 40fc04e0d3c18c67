using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Analysis.Rules;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Records;

/// <summary>Records checked against rules, as lines of text.</summary>
internal static class RuleSetText
{
    private const string MlperfPower = "mlperf-power";

    /// <summary>Reads the name of a set of rules.</summary>
    internal static RuleSet? Parse(ArgumentResult result)
    {
        string found = result.Tokens.Count == 1 ? result.Tokens[0].Value : "nothing";
        if (found == MlperfPower)
        {
            return RuleSet.MlperfPower;
        }

        result.AddError($"--rules: got {found}, want {MlperfPower}");
        return null;
    }

    /// <summary>Writes which rules each record meets. The other records are candidates for a record's ranging pass.</summary>
    /// <returns>The exit code: <see cref="ExitCode.Failed"/> if a rule is not met.</returns>
    internal static int Write(IEnumerable<string> folders, ParseResult parsed)
    {
        RecordSearch search = RecordSearch.In(folders);
        RecordBatch<RunRecord> batch = RecordBatch.Of(search, RunRecord.Read);
        RecordBatch<(RunRecord Record, IReadOnlyList<RuleResult> Results)> checks = RecordBatch.Of(
            new RecordSearch([.. batch.Items.Select(record => record.Folder)], batch.Problems),
            folder => Check(folder, batch.Items));
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool isMet = true;
        foreach ((RunRecord record, IReadOnlyList<RuleResult> results) in checks.Items)
        {
            int width = results.Max(result => result.Rule.Length);
            int met = results.Count(result => result.Outcome == RuleOutcome.Met);
            string evidence = EnumText.Of(record.Manifest.Evidence);
            output.WriteLine($"{evidence} evidence, {record.Folder}: {met} of {results.Count} rules of MLPerf Power met");
            foreach (RuleResult result in results)
            {
                string outcome = result.Outcome switch { RuleOutcome.Met => "met", RuleOutcome.NotMet => "NOT MET", _ => "not tested" };
                output.WriteLine($"  {outcome,-10}  {result.Rule.PadRight(width)}  wants {result.Required}; has {result.Found}");
            }

            isMet &= results.All(result => result.Outcome != RuleOutcome.NotMet);
        }

        return UnreadableText.Write(parsed, checks.Problems, isMet ? ExitCode.Success : ExitCode.Failed);
    }

    private static (RunRecord Record, IReadOnlyList<RuleResult> Results) Check(string folder, IReadOnlyList<RunRecord> records)
    {
        RunRecord record = records.First(one => one.Folder == folder);
        return (record, MlperfPowerRules.Check(record, records.Where(other => other != record)));
    }
}

/// <summary>A set of rules that records can be checked against.</summary>
internal enum RuleSet
{
    /// <summary>The rules of MLPerf Power.</summary>
    MlperfPower,
}
