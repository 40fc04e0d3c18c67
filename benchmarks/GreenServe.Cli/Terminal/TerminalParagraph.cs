using GreenServe.Records;

namespace GreenServe.Cli.Terminal;

/// <summary>Breaks a text between words so that its lines fit into a width.</summary>
internal static class TerminalParagraph
{
    /// <summary>Breaks a text into lines. A word that is longer than the width stands alone on its line.</summary>
    /// <param name="text">The text. A line feed in it is foreign, since a paragraph has none, and is shown as an escape.</param>
    /// <param name="width">Number of letters in a line; less than 1 counts as 1.</param>
    /// <returns>At least one line.</returns>
    internal static IEnumerable<string> Lines(string text, int width)
    {
        string line = "";
        foreach (string word in ShownText.OneLine(text, int.MaxValue).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>Writes a name and a text beside it, whose further lines stand under the first.</summary>
    /// <param name="name">The name, with the space after it.</param>
    /// <param name="text">The text. A line feed in it is shown as an escape.</param>
    /// <param name="output">Where the lines go. They fit into its width.</param>
    internal static void Write(string name, string text, TextWriter output)
    {
        string before = name;
        foreach (string line in Lines(text, TerminalConsole.WidthOf(output) - name.Length))
        {
            output.WriteLine($"{before}{line}".TrimEnd());
            before = new string(' ', name.Length);
        }
    }
}
