using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands;

/// <summary>What a user sees after a run.</summary>
internal static class RunSummaryText
{
    internal static void Write(RunRecord record, TextWriter output) =>
        output.WriteLine($"{record.Manifest.Verdict}  {record.Folder}");
}
