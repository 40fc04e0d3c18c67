using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Analysis.Rules;
using GreenServe.Cli.Terminal;
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
        RecordBatch<Checked> checks = RecordBatch.Of(
            new RecordSearch([.. batch.Items.Select(record => record.Folder)], batch.Problems),
            folder => Checked.Of(folder, batch.Items));
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool isMet = true;
        foreach ((string folder, EvidenceKind kind, IReadOnlyList<RuleResult> results) in checks.Items)
        {
            int width = results.Max(result => result.Rule.Length);
            int met = results.Count(result => result.Outcome == RuleOutcome.Met);
            output.WriteLine($"{EnumText.Of(kind)} evidence, {folder}: {met} of {results.Count} rules of MLPerf Power met");
            foreach (RuleResult result in results)
            {
                string outcome = result.Outcome switch { RuleOutcome.Met => "met", RuleOutcome.NotMet => "NOT MET", _ => "not tested" };
                output.WriteLine(TerminalTable.Clean(
                    $"  {outcome,-10}  {result.Rule.PadRight(width)}  wants {result.Required}; has {result.Found}"));
            }

            isMet &= results.All(result => result.Outcome != RuleOutcome.NotMet);
        }

        return UnreadableText.Write(parsed, checks.Problems, isMet ? ExitCode.Success : ExitCode.Failed);
    }

    /// <summary>What the rules say of one record. The record itself, whose tables were read, is not kept.</summary>
    private sealed record Checked(string Folder, EvidenceKind Evidence, IReadOnlyList<RuleResult> Results)
    {
        internal static Checked Of(string folder, IReadOnlyList<RunRecord> records)
        {
            RunRecord record = RunRecord.Read(folder);
            return new Checked(
                folder, record.Manifest.Evidence, MlperfPowerRules.Check(record, records.Where(other => other.Folder != folder)));
        }
    }
}

/// <summary>A set of rules that records can be checked against.</summary>
internal enum RuleSet
{
    /// <summary>The rules of MLPerf Power.</summary>
    MlperfPower,
}
