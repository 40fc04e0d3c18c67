using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Runners.Checks;
using GreenServe.Engine.Runners.Hosting;
using GreenServe.Records;

// This process computes. It alone loads native inference libraries, so that a crash in one of them leaves the suite's own process alive.
TimeProvider clock = TimeProvider.System;
EngineOptionSet options = new();
RootCommand root = new("The reference engine of GreenServe: real LLM inference behind an OpenAI-compatible server.");
options.AddTo(root);
root.Add(CheckCommand.Create(Console.Out, clock));
root.SetAction((parsed, cancellation) => new EngineServer(options.Read(parsed), Console.Out, Console.In, clock).RunAsync(cancellation));

ParseResult command = root.Parse(args);
if (command.Errors.Count > 0)
{
    foreach (string message in ParseMessages.Of(command))
    {
        Console.Error.WriteLine(message);
    }

    return ExitCode.BadInput;
}

try
{
    InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await command.InvokeAsync(configuration).ConfigureAwait(false);
}
catch (InvalidInputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.BadInput;
}
catch (UnavailableException exception)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.Unavailable;
}
