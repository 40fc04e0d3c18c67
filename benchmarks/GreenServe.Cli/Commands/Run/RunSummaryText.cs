using GreenServe.Analysis.Reports;
using GreenServe.Cli.Terminal;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The lines that a user sees after a run: the evidence, then a group for energy, latency, throughput and verdict.</summary>
internal static class RunSummaryText
{
    private const string Indent = "  ";

    internal static void Write(RunRecord record, TextWriter output) => Write(RunSummary.Of(record), record.Folder, output);

    /// <summary>Writes a summary.</summary>
    /// <param name="lines">The lines, by their groups. The first one states the evidence.</param>
    /// <param name="folder">Folder of the record.</param>
    /// <param name="output">Where the lines go.</param>
    internal static void Write(IReadOnlyList<SummaryLine> lines, string folder, TextWriter output)
    {
        int nameWidth = lines.Max(line => line.Name.Length);
        TerminalParagraph.Write($"{lines[0].Value} evidence: ", lines[0].Note, output);
        foreach (IGrouping<SummaryGroup, SummaryLine> group in lines.Skip(1).GroupBy(line => line.Group))
        {
            output.WriteLine();
            foreach (SummaryLine line in group)
            {
                string note = line.Note.Length > 0 ? $" ({line.Note})" : "";
                TerminalParagraph.Write($"{line.Name.PadRight(nameWidth)}{Indent}", line.Value + note, output);
            }
        }

        // A path stays whole, so that it can be copied.
        output.WriteLine($"{"record".PadRight(nameWidth)}{Indent}{folder}");
    }
}
