using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Runners.Checks;
using GreenServe.Engine.Runners.Hosting;
using GreenServe.Records;

// The process that computes: it alone loads native inference libraries, so that whatever they do stays out of the suite's own process.
EngineOptionSet options = new();
RootCommand root = new("The reference engine of GreenServe: real LLM inference behind an OpenAI-compatible server.");
options.AddTo(root);
root.Add(CheckCommand.Create());
root.SetAction((parsed, cancellation) => new EngineServer(options.Read(parsed), Console.Out, Console.In).RunAsync(cancellation));

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
    return await command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
        .ConfigureAwait(false);
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
