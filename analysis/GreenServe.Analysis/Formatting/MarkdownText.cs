using System.Text;
using GreenServe.Records;

namespace GreenServe.Analysis.Formatting;

/// <summary>Text from records and files inside Markdown.</summary>
internal static class MarkdownText
{
    /// <summary>
    /// Escapes every sign that Markdown or HTML takes for markup. Line breaks become spaces, and control signs are shown as escapes.
    /// </summary>
    /// <param name="text">Any text.</param>
    internal static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        string onOneLine = text.Replace('\n', ' ').Replace('\r', ' ');
        foreach (char letter in ShownText.OneLine(onOneLine, int.MaxValue))
        {
            _ = letter switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' => escaped.Append('\\').Append(letter),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }
}
