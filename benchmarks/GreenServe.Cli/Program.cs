using GreenServe.Cli;
using GreenServe.Running.Processes;

ProcessLifetime lifetime = new();
using StopSignals signals = StopSignals.Watch(lifetime, Console.Error);
return await signals.RunAsync(stop => CommandLineApplication.RunAsync(args, Console.Out, Console.Error, lifetime, stop)).ConfigureAwait(false);
