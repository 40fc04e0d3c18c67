using System.CommandLine;
using GreenServe.Cli.Commands;
using GreenServe.Records;

namespace GreenServe.Cli;

/// <summary>The command line as a whole: parses, runs, and turns every failure into a message and an exit code.</summary>
internal static class CommandLineApplication
{
    internal static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = CreateRoot().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(problem => problem.Message).Distinct())
            {
                await error.WriteLineAsync(message).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"See: greenserve {parsed.CommandResult.Command.Name} --help").ConfigureAwait(false);
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

    internal static RootCommand CreateRoot() => new(
        "Energy-efficient LLM serving, benchmarked: which setting of the knobs serves these inputs within this SLO for the fewest joules?")
    {
        RunCommand.Create(),
        SweepCommand.Create(),
        AnalyzeCommand.Create(),
        CompareCommand.Create(),
        TraceCommand.Create(),
        ServeCommand.Create(),
        CheckClientCommand.Create(),
        FindRateCommand.Create(),
        ExportCommand.Create(),
        MetersCommand.Create(),
        ValidateCommand.Create(),
        CalibrateCommand.Create(),
    };
}
