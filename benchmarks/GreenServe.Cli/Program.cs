using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Cli.Commands.Meters;
using GreenServe.Cli.Terminal;
using GreenServe.Running.Processes;

CommandContext context = new()
{
    Messages = new DivertedWriter(Console.Error),
    HostProbe = HostProbeProcess.OfThisProgram(MetersCommandHostProbe.Words),
};
using StopSignals signals = StopSignals.Watch(context.Lifetime, context.Messages, context.Clock);
return await signals
    .RunAsync(stop => CommandLineApplication.RunAsync(args, Console.Out, Console.Error, context, stop))
    .ConfigureAwait(false);
