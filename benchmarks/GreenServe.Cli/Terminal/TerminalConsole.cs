using Spectre.Console;

namespace GreenServe.Cli.Terminal;

/// <summary>Opens the console that tables and live views are written to.</summary>
internal static class TerminalConsole
{
    private const int PlainWidth = 150;

    /// <summary>The console on a writer. It has colours on a terminal; elsewhere it is plain and wide, so that no cell wraps.</summary>
    internal static IAnsiConsole On(TextWriter output)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
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
}
