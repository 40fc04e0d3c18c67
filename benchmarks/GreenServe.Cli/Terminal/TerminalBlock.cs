using System.Text;

namespace GreenServe.Cli.Terminal;

/// <summary>
/// Keeps a block of lines at the end of what a terminal shows, and draws it anew in its place. What is written meanwhile stands above it.
/// </summary>
/// <remarks>
/// The cursor stays visible, on the line below the block: however the process ends, the terminal needs no repair. Not thread-safe.
/// </remarks>
/// <param name="terminal">The terminal itself, which obeys escape sequences.</param>
/// <param name="hasColors">Whether lines may have colours.</param>
internal sealed class TerminalBlock(TextWriter terminal, bool hasColors)
{
    private const string ToEndOfScreen = "\e[J";
    private const string ToEndOfLine = "\e[K";

    /// <summary>Between the two the terminal shows nothing new, if it knows them, so that nothing flickers.</summary>
    private const string BeginUpdate = "\e[?2026h";
    private const string EndUpdate = "\e[?2026l";

    private IReadOnlyList<BlockLine> drawn = [];
    private int drawnWidth;

    /// <summary>Draws the block in the place of the one before.</summary>
    /// <param name="lines">Its lines, none wider than the terminal, and fewer than its lines.</param>
    /// <param name="width">Width of the terminal at this moment, in characters.</param>
    internal void Draw(IReadOnlyList<BlockLine> lines, int width) => Show("", lines, width);

    /// <summary>Writes whole lines above the block.</summary>
    /// <param name="text">Lines, each with its line feed.</param>
    /// <param name="width">Width of the terminal at this moment, in characters.</param>
    internal void WriteAbove(string text, int width) => Show(text, drawn, width);

    /// <summary>Removes the block. What was written above it stays.</summary>
    internal void Clear(int width) => Show("", [], width);

    private void Show(string above, IReadOnlyList<BlockLine> lines, int width)
    {
        StringBuilder text = new(BeginUpdate);
        int rows = RowsAt(width);
        _ = rows > 0 ? text.Append('\r').Append($"\e[{rows}A") : text.Append('\r');

        // A terminal that became narrower has broken the lines anew, and pieces of them may be anywhere below.
        _ = above.Length > 0 || width != drawnWidth || lines.Count < drawn.Count ? text.Append(ToEndOfScreen) : text;
        text.Append(above);
        foreach (BlockLine line in lines)
        {
            text.Append(Styled(line)).Append(ToEndOfLine).Append("\r\n");
        }

        terminal.Write(text.Append(EndUpdate));
        terminal.Flush();
        (drawn, drawnWidth) = (lines, width);
    }

    /// <summary>Rows that the drawn block takes on a terminal of a width.</summary>
    private int RowsAt(int width) => drawn.Sum(line => Math.Max(1, (CellText.Width(line.Text) + width - 1) / Math.Max(1, width)));

    private string Styled(BlockLine line) => !hasColors || line.Text.Length == 0 ? line.Text : line.Style switch
    {
        BlockStyle.Strong => $"\e[1m{line.Text}\e[0m",
        BlockStyle.Faint => $"\e[2m{line.Text}\e[0m",
        BlockStyle.Warning => $"\e[33m{line.Text}\e[0m",
        _ => line.Text,
    };
}

/// <summary>A line of a block.</summary>
/// <param name="Text">Its text, without any control sign.</param>
/// <param name="Style">How it is shown.</param>
internal readonly record struct BlockLine(string Text, BlockStyle Style = BlockStyle.Plain);

/// <summary>How a line is shown.</summary>
internal enum BlockStyle
{
    /// <summary>As any text.</summary>
    Plain,

    /// <summary>Bold, for headings.</summary>
    Strong,

    /// <summary>Weaker than other text.</summary>
    Faint,

    /// <summary>In the colour of warnings.</summary>
    Warning,
}
