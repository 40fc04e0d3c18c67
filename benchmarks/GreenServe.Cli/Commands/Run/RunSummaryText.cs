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
        int width = TerminalConsole.WidthOf(output);
        int nameWidth = lines.Max(line => line.Name.Length);
        WriteWrapped($"{lines[0].Value} evidence: ", lines[0].Note, width, output);
        foreach (IGrouping<SummaryGroup, SummaryLine> group in lines.Skip(1).GroupBy(line => line.Group))
        {
            output.WriteLine();
            foreach (SummaryLine line in group)
            {
                string note = line.Note.Length > 0 ? $" ({line.Note})" : "";
                WriteWrapped($"{line.Name.PadRight(nameWidth)}{Indent}", line.Value + note, width, output);
            }
        }

        // A path stays whole, so that it can be copied.
        output.WriteLine($"{"record".PadRight(nameWidth)}{Indent}{folder}");
    }

    private static void WriteWrapped(string name, string text, int width, TextWriter output)
    {
        string before = name;
        foreach (string line in TerminalParagraph.Lines(text, width - name.Length))
        {
            output.WriteLine($"{before}{line}".TrimEnd());
            before = new string(' ', name.Length);
        }
    }
}
