using System.CommandLine;
using System.CommandLine.Parsing;
using GreenServe.Cli.Commands.Meters;
using GreenServe.Cli.Commands.Records;
using GreenServe.Cli.Commands.Run;
using GreenServe.Cli.Commands.Serve;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Running.Processes;

namespace GreenServe.Cli;

/// <summary>The command line as a whole: parses, runs, and turns every failure into a message and an exit code.</summary>
internal static class CommandLineApplication
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The words after <c>greenserve</c>.</param>
    /// <param name="output">Gets what the command finds.</param>
    /// <param name="error">Gets what went wrong.</param>
    /// <param name="lifetime">Is told what must end in order; <c>null</c> where nobody asks.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    internal static async Task<int> RunAsync(
        string[] arguments,
        TextWriter output,
        TextWriter error,
        ProcessLifetime? lifetime = null,
        CancellationToken cancellationToken = default)
    {
        ParseResult parsed = CreateRoot(lifetime ?? new ProcessLifetime()).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in ParseMessages.Of(parsed))
            {
                await error.WriteLineAsync(message).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"See: greenserve {PathOf(parsed.CommandResult)} --help").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        // Signals are the process' business (StopSignals): the library would end it after two seconds, servers or not.
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
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.BadInput;
        }
        catch (UnavailableException exception)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCode.Unavailable;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.").ConfigureAwait(false);
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("GREENSERVE_DEBUG") is null)
        {
            // The one place where everything is caught: the user gets a sentence, a developer sets the variable for the rest.
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

    internal static RootCommand CreateRoot(ProcessLifetime lifetime)
    {
        RootCommand root = Commands(lifetime);
        ParseMessages.NameChoices(root);
        return root;
    }

    private static RootCommand Commands(ProcessLifetime lifetime) => new(
        "Energy-efficient LLM serving, benchmarked: which setting of the knobs serves these inputs within this SLO for the fewest joules?")
    {
        RunCommand.Create(lifetime),
        SweepCommand.Create(lifetime),
        AnalyzeCommand.Create(),
        AttributeCommand.Create(),
        CompareCommand.Create(),
        JudgeCommand.Create(),
        HistoryCommand.Create(),
        QueryCommand.Create(),
        TraceCommand.Create(),
        ServeCommand.Create(lifetime),
        CheckClientCommand.Create(),
        CheckGateCommand.Create(),
        FindRateCommand.Create(lifetime),
        ExportCommand.Create(),
        MetersCommand.Create(),
        ValidateCommand.Create(),
        CalibrateCommand.Create(),
    };
}
