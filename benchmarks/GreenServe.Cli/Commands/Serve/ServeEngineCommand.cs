using System.CommandLine;
using GreenServe.Cli.Terminal;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Running.Engines;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve engine</c>: real inference behind an OpenAI-compatible server, in a process of its own.</summary>
internal static class ServeEngineCommand
{
    internal static Command Create()
    {
        EngineOptionSet options = new();
        Command command = new(
            "engine",
            "Serve a model by real inference on this machine's CPU or GPU, to be measured. The weights are random unless a model folder "
            + "is given. Exit code 3 if a library or a device is missing.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, options, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, EngineOptionSet options, CancellationToken cancellationToken)
    {
        EngineSettings settings = options.Read(parsed);
        Problem[] problems = [.. settings.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        // The standard input of the engine's process is a pipe from this one, so that this one must watch its own.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<int> serving = ServeAsync(parsed, stop.Token);
        if (settings.StopsWithInput)
        {
            await Task.WhenAny(serving, TerminalConsole.WhenInputClosesAsync()).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }

        return await serving.ConfigureAwait(false);
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // The engine's process has the same options, so that everything after the verb is passed on unchanged.
        string[] arguments = [.. parsed.Tokens.Select(token => token.Value).SkipWhile(token => token != "engine").Skip(1)];
        try
        {
            await using EngineProcess engine = await EngineProcess
                .StartAsync(arguments, parsed.InvocationConfiguration.Output, cancellationToken).ConfigureAwait(false);
            return await engine.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping a server is how it ends, not a failure.
            return ExitCode.Success;
        }
    }
}
