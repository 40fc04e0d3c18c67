namespace GreenServe.Cli.Terminal;

/// <summary>Breaks a text between words so that its lines fit into a width.</summary>
internal static class TerminalParagraph
{
    /// <summary>Breaks a text into lines. A word that is longer than the width stands alone on its line.</summary>
    /// <param name="text">The text, in one line.</param>
    /// <param name="width">Number of letters in a line; less than 1 counts as 1.</param>
    /// <returns>At least one line.</returns>
    internal static IEnumerable<string> Lines(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
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
}
