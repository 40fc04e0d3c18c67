using BenchmarkDotNet.Running;
using GreenServe.Microbenchmarks.EndToEnd;

if (args is [EndToEndCommand.Name, ..])
{
    return await EndToEndCommand.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
