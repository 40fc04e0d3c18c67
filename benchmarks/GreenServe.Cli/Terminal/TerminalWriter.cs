using System.Text;
using GreenServe.Records;

namespace GreenServe.Cli.Terminal;

/// <summary>
/// The one way of a command's text to people. Control signs are written as escapes, since the text of a record or a server may be
/// anyone's and must not steer a terminal.
/// </summary>
/// <remarks>
/// Data for programs goes to <see cref="Inner"/> instead, see <see cref="TerminalConsole.Data"/>. An output that cannot be written ends the
/// command with exit code 3, except where it carries only messages.
/// </remarks>
/// <param name="inner">Where the text goes.</param>
/// <param name="isRequired">
/// Whether the command has failed if the text cannot be written. Error messages that cannot be written are lost: nobody could be told.
/// </param>
internal sealed class TerminalWriter(TextWriter inner, bool isRequired) : TextWriter
{
    /// <summary>Longest line of text. Tables and lists of names may be long, the text of a stranger need not be.</summary>
    private const int MaxLineLetters = 20_000;

    /// <summary>The writer behind this one.</summary>
    internal TextWriter Inner => inner;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (value is not null)
        {
            Guard(() => inner.Write(Shown(value)));
        }
    }

    public override void WriteLine(string? value)
    {
        Write(value);
        Guard(inner.WriteLine);
    }

    public override void Flush() => Guard(inner.Flush);

    /// <summary>Does something with an output.</summary>
    /// <exception cref="UnavailableException">The output is closed, or the disk behind it is full.</exception>
    internal static void Require(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnavailableException($"standard output: cannot be written ({exception.Message})");
        }
    }

    /// <summary>Whether a letter ends a line or a cell. A carriage return alone does not: a terminal would write over the line.</summary>
    private static bool IsLayout(string text, int index) =>
        text[index] is '\n' or '\t' || (text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n');

    private static string Shown(string text)
    {
        int start = 0;
        StringBuilder shown = new(text.Length);
        for (int index = 0; index <= text.Length; index++)
        {
            if (index == text.Length || IsLayout(text, index))
            {
                shown.Append(ShownText.OneLine(text[start..index], MaxLineLetters));
                _ = index < text.Length ? shown.Append(text[index]) : shown;
                start = index + 1;
            }
        }

        return shown.ToString();
    }

    private void Guard(Action write)
    {
        if (isRequired)
        {
            Require(write);
            return;
        }

        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
