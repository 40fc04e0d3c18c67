using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Running.Processes;

CommandContext context = new();
using StopSignals signals = StopSignals.Watch(context.Lifetime, Console.Error, context.Clock);
return await signals
    .RunAsync(stop => CommandLineApplication.RunAsync(args, Console.Out, Console.Error, context, stop))
    .ConfigureAwait(false);
