using System.Globalization;
using System.Text;

namespace GreenServe.Records;

/// <summary>Shows people text that came from elsewhere: from files, servers, other programs and the command line.</summary>
/// <remarks>
/// Such text may hold anything: signs that steer a terminal, a line feed that forges a second message, or a hundred million letters.
/// </remarks>
public static class ShownText
{
    /// <summary>Letters of one line that are shown. What is longer is cut.</summary>
    public const int MaxLineLetters = 2_000;

    /// <summary>Letters that are shown of one value in a message. What is longer is cut.</summary>
    public const int MaxValueLetters = 500;

    /// <summary>
    /// The text on one line. Control signs, signs that change the direction of writing, and halves of a letter are shown as escapes
    /// such as <c>\x1b</c> and <c>\u202e</c>. A long text is cut and its length is stated.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLetters">Letters of the text that are shown; 1 or more.</param>
    public static string OneLine(string text, int maxLetters = MaxLineLetters)
    {
        int end = EndOf(text, maxLetters);
        string shown = Escaped(text.AsSpan(0, end));
        return end == text.Length ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}… ({text.Length} letters)");
    }

    /// <summary>The text with its line feeds. Within each line it is as <see cref="OneLine"/> shows it.</summary>
    /// <param name="text">Any text.</param>
    public static string Lines(string text) => text.Contains('\n', StringComparison.Ordinal)
        ? string.Join('\n', text.Split('\n').Select(line => OneLine(line.EndsWith('\r') ? line[..^1] : line)))
        : OneLine(text);

    /// <summary>Where a text is cut: never between the two halves of one letter.</summary>
    private static int EndOf(string text, int maxLetters) =>
        text.Length <= maxLetters ? text.Length : maxLetters - (char.IsHighSurrogate(text[maxLetters - 1]) ? 1 : 0);

    private static string Escaped(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text.ToString();
        }

        StringBuilder shown = new(text.Length + 16);
        for (int index = 0; index < text.Length; index++)
        {
            char letter = text[index];
            if (char.IsHighSurrogate(letter) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                shown.Append(letter).Append(text[++index]);
            }
            else
            {
                _ = IsShown(letter) ? shown.Append(letter) : AppendEscape(shown, letter);
            }
        }

        return shown.ToString();
    }

    private static bool IsShown(char letter) => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static StringBuilder AppendEscape(StringBuilder shown, char letter) => letter switch
    {
        '\n' => shown.Append("\\n"),
        '\r' => shown.Append("\\r"),
        '\t' => shown.Append("\\t"),
        < (char)256 => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
        _ => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
    };
}
