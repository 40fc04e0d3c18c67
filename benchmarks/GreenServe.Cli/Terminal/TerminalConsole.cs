using Spectre.Console;

namespace GreenServe.Cli.Terminal;

/// <summary>The console of this process. Commands write to the writer that they are given, and ask here what stands behind it.</summary>
internal static class TerminalConsole
{
    /// <summary>Width where there is no terminal to ask, in characters. Most rows of the tables fit into it without a line break.</summary>
    private const int PlainWidth = 150;

    /// <summary>Whether a writer leads to a terminal, where text may have colours and may be overwritten.</summary>
    internal static bool IsInteractive(TextWriter output) =>
        ReferenceEquals(Behind(output), Console.Out) && !Console.IsOutputRedirected;

    /// <summary>Width of the lines of a writer in letters: that of the terminal, or a width that suits a log file.</summary>
    internal static int WidthOf(TextWriter output) => IsInteractive(output) ? AnsiConsole.Console.Profile.Width : PlainWidth;

    /// <summary>
    /// The writer for data that another program reads, which gets every sign as it is. Where a terminal would show it, control signs are
    /// written as escapes like those of any text.
    /// </summary>
    internal static TextWriter Data(TextWriter output) => IsInteractive(output) ? output : Behind(output);

    /// <summary>Whether a writer leads to a terminal that obeys escape sequences, so that a part of it can be drawn anew.</summary>
    internal static bool CanRedraw(TextWriter output) => IsInteractive(output) && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Whether the terminal of this process shows colours.</summary>
    internal static bool HasColors => AnsiConsole.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;

    /// <summary>Size of the terminal of this process at this moment, in characters.</summary>
    internal static (int Width, int Height) Size() => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>The writer behind the one that escapes control signs. Only text without any may go there.</summary>
    internal static TextWriter Behind(TextWriter output) => output is TerminalWriter shown ? shown.Inner : output;

    /// <summary>The console on a writer. It has colours on a terminal; elsewhere it is plain and wide, so that no cell wraps.</summary>
    internal static IAnsiConsole On(TextWriter output)
    {
        if (IsInteractive(output))
        {
            return AnsiConsole.Console;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = PlainWidth;
        return console;
    }

    /// <summary>A task that ends when the standard input closes. Input before that is ignored.</summary>
    internal static Task WhenInputClosesAsync() => Task.Factory.StartNew(
        static () =>
        {
            Span<byte> ignored = stackalloc byte[64];
            using Stream input = Console.OpenStandardInput();
            while (input.Read(ignored) > 0)
            {
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
