using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Cli.Commands;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Http;

namespace GreenServe.Cli;

/// <summary>The command line as a whole: parses, runs, and turns every failure into a message and an exit code.</summary>
internal static class CommandLineApplication
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words after <c>greenserve</c>.</param>
    /// <param name="output">Receives what the command finds.</param>
    /// <param name="error">Receives what went wrong.</param>
    /// <param name="context">What the process gives to the command; <c>null</c> for the clock of this host and a new lifetime.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(
        string[] arguments,
        TextWriter output,
        TextWriter error,
        CommandContext? context = null,
        CancellationToken cancellationToken = default)
    {
        output = new TerminalWriter(output, isRequired: true);
        error = new TerminalWriter(error, isRequired: false);
        ParseResult parsed = CreateRoot(CommandList.For(arguments, context ?? new CommandContext())).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in ParseMessages.Of(parsed))
            {
                await error.WriteLineAsync(ShownText.OneLine(HttpAddress.Masked(message))).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"See: greenserve {PathOf(parsed.CommandResult)} --help").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        // StopSignals handles signals for the whole process. The library would end it after two seconds, even with servers running.
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException exception)
        {
            await error.WriteLineAsync(string.Join(Environment.NewLine, exception.Problems.Select(parsed.InWordsOfTheUser)))
                .ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (UnavailableException exception)
        {
            await error.WriteLineAsync(ShownText.Lines(exception.Message)).ConfigureAwait(false);
            return ExitCode.Unavailable;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A disk that fails or a file that vanishes in mid-command is no bug, and no file of the user's is wrong.
            await error.WriteLineAsync($"A file or an output failed: {ShownText.OneLine(exception.Message)}").ConfigureAwait(false);
            return ExitCode.Unavailable;
        }
        catch (OutOfMemoryException)
        {
            await error.WriteLineAsync("The memory of this host is not enough. Ask for fewer requests or fewer records at a time.")
                .ConfigureAwait(false);
            return ExitCode.Unavailable;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.").ConfigureAwait(false);
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("GREENSERVE_DEBUG") is null)
        {
            // This is the only place that catches everything. Users get a sentence; developers set the variable and get the stack trace.
            await error.WriteLineAsync(
                $"This is a bug in greenserve: {exception.GetType().Name}: {exception.Message}\n" +
                "Please report it with the command you ran; GREENSERVE_DEBUG=1 shows where it happened.").ConfigureAwait(false);
            return ExitCode.Bug;
        }
    }

    /// <summary>The verbs that lead to a command, for example <c>serve engine</c>.</summary>
    private static string PathOf(CommandResult result)
    {
        List<string> verbs = [];
        for (CommandResult? at = result; at?.Parent is not null; at = at.Parent as CommandResult)
        {
            verbs.Insert(0, at.Command.Name);
        }

        return string.Join(' ', verbs);
    }

    /// <summary>The command <c>greenserve</c> with all that it offers.</summary>
    internal static RootCommand CreateRoot(CommandContext context) => CreateRoot(CommandList.All(context));

    private static RootCommand CreateRoot(IEnumerable<Command> commands)
    {
        RootCommand root = new(
            "Energy-efficient LLM serving, benchmarked: "
            + "which setting of the knobs serves these inputs within this SLO for the fewest joules?");
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        ParseMessages.NameChoices(root);
        ParseMessages.RequireText(root);
        return root;
    }
}
