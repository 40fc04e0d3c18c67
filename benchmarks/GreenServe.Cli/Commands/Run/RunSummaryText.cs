using GreenServe.Analysis.Reports;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The lines that a user sees after a run.</summary>
internal static class RunSummaryText
{
    internal static void Write(RunRecord record, TextWriter output)
    {
        IReadOnlyList<SummaryLine> lines = RunSummary.Of(record);
        int nameWidth = lines.Max(line => line.Name.Length);
        int valueWidth = lines.Where(line => line.Note.Length > 0).Select(line => line.Value.Length).DefaultIfEmpty().Max();
        foreach (SummaryLine line in lines)
        {
            string note = line.Note.Length > 0 ? $"  ({line.Note})" : "";
            string value = note.Length > 0 ? line.Value.PadRight(valueWidth) : line.Value;
            output.WriteLine($"{line.Name.PadRight(nameWidth)}  {value}{note}");
        }

        output.WriteLine($"{"record".PadRight(nameWidth)}  {record.Folder}");
    }
}
