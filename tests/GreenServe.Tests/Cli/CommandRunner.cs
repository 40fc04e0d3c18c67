using GreenServe.Cli;

namespace GreenServe.Tests.Cli;

/// <summary>Runs the command line inside the test process.</summary>
internal static class CommandRunner
{
    internal static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int exitCode = await CommandLineApplication.RunAsync(arguments, output, error);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }
}

internal sealed record CommandResult(int ExitCode, string Output, string Error);
