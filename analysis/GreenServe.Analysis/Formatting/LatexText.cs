using System.Text;

namespace GreenServe.Analysis.Formatting;

/// <summary>Text from records and files inside LaTeX.</summary>
internal static class LatexText
{
    /// <summary>Escapes every sign that LaTeX takes for a command. Line breaks and other control characters become spaces.</summary>
    /// <param name="text">Any text.</param>
    internal static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '\\' => escaped.Append("\\textbackslash{}"),
                '~' => escaped.Append("\\textasciitilde{}"),
                '^' => escaped.Append("\\textasciicircum{}"),
                '±' => escaped.Append("$\\pm$"),
                '≥' => escaped.Append("$\\geq$"),
                '–' => escaped.Append("--"),
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => escaped.Append('\\').Append(letter),
                _ when char.IsControl(letter) => escaped.Append(' '),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
