using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GreenServe.Tests.Cli.Terminal;

/// <summary>What a terminal shows of the text and of the few escape sequences that a block uses. Like most, it breaks lines anew.</summary>
/// <param name="width">Its width, in characters.</param>
internal sealed partial class ScreenOfATerminal(int width) : StringWriter
{
    private readonly List<StringBuilder> rows = [new()];
    private int width = width;
    private int row;
    private int column;

    /// <summary>The rows that hold anything, without the spaces at their end.</summary>
    internal string[] Rows => [.. rows.Select(text => text.ToString().TrimEnd()).Reverse().SkipWhile(text => text.Length == 0).Reverse()];

    /// <summary>Changes the width. Rows that are too long now are broken, and the cursor stays at the end.</summary>
    internal void Resize(int columns)
    {
        width = columns;
        string[] before = [.. rows.Select(text => text.ToString().TrimEnd())];
        rows.Clear();
        rows.AddRange(before.SelectMany(text => text.Length == 0 ? [""] : text.Chunk(columns).Select(part => new string(part)))
            .Select(text => new StringBuilder(text)));
        (row, column) = (rows.Count - 1, 0);
    }

    public override void Write(StringBuilder? value) => Write(value!.ToString());

    public override void Write(string? value)
    {
        for (int at = 0; at < value!.Length;)
        {
            Match escape = Escape().Match(value, at);
            if (escape.Success && escape.Index == at)
            {
                Obey(escape.Groups[2].Value, escape.Groups[1].Value);
                at += escape.Length;
            }
            else
            {
                Put(value[at++]);
            }
        }
    }

    private void Obey(string command, string argument)
    {
        switch (command)
        {
            case "A":
                row = Math.Max(0, row - int.Parse(argument, CultureInfo.InvariantCulture));
                break;
            case "J":
                EndLine();
                rows.RemoveRange(row + 1, rows.Count - row - 1);
                break;
            case "K":
                EndLine();
                break;
        }
    }

    private void EndLine() => rows[row].Length = Math.Min(rows[row].Length, column);

    private void Put(char letter)
    {
        switch (letter)
        {
            case '\r':
                column = 0;
                break;
            case '\n':
                NextRow();
                break;
            default:
                if (column == width)
                {
                    NextRow();
                    column = 0;
                }

                rows[row].Append(' ', Math.Max(0, column + 1 - rows[row].Length))[column++] = letter;
                break;
        }
    }

    private void NextRow()
    {
        row++;
        if (row == rows.Count)
        {
            rows.Add(new StringBuilder());
        }
    }

    [GeneratedRegex(@"\e\[\??([0-9]*)([A-Za-z])")]
    private static partial Regex Escape();
}
