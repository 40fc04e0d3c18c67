using GreenServe.Records;

namespace GreenServe.Cli.Terminal;

/// <summary>Text as a terminal shows it, in cells of its grid.</summary>
internal static class CellText
{
    /// <summary>The first letter of the scripts whose letters take two cells.</summary>
    private const char FirstWide = '\u1100';

    /// <summary>The signs from here to <see cref="LastNarrow"/> are general signs, arrows and bars, which take one cell.</summary>
    private const char FirstNarrow = '\u2000';
    private const char LastNarrow = '\u2bff';

    /// <summary>Number of cells that a text takes, or a few more.</summary>
    internal static int Width(string text) => text.Sum(WidthOf);

    /// <summary>The text with control signs as escapes, cut where it takes more than some cells. It then ends in an ellipsis.</summary>
    internal static string Clip(string text, int cells)
    {
        string shown = ShownText.OneLine(text);
        if (Width(shown) <= cells)
        {
            return shown;
        }

        int end = 0;
        for (int used = 1; end < shown.Length && used + WidthOf(shown[end]) <= cells; end++)
        {
            used += WidthOf(shown[end]);
        }

        end -= end > 0 && char.IsHighSurrogate(shown[end - 1]) ? 1 : 0;
        return cells < 1 ? "" : shown[..end] + "…";
    }

    /// <summary>The text without control signs, cut at its beginning, for names that differ at their end.</summary>
    internal static string ClipFront(string text, int cells)
    {
        string shown = ShownText.OneLine(text);
        if (Width(shown) <= cells)
        {
            return shown;
        }

        int start = shown.Length;
        for (int used = 1; start > 0 && used + WidthOf(shown[start - 1]) <= cells; start--)
        {
            used += WidthOf(shown[start - 1]);
        }

        start += start < shown.Length && char.IsLowSurrogate(shown[start]) ? 1 : 0;
        return cells < 1 ? "" : "…" + shown[start..];
    }

    /// <summary>Cells of a letter. Each half of a letter outside the basic plane counts as one: together they take two at most.</summary>
    private static int WidthOf(char letter) =>
        letter < FirstWide || letter is >= FirstNarrow and <= LastNarrow || char.IsSurrogate(letter) ? 1 : 2;
}
