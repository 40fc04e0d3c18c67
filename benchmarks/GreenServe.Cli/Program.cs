using GreenServe.Cli;
using GreenServe.Running.Processes;

using StopSignals signals = StopSignals.Watch(Console.Error);
return await signals.RunAsync(stop => CommandLineApplication.RunAsync(args, Console.Out, Console.Error, stop)).ConfigureAwait(false);
