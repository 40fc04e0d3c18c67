return await GreenServe.Cli.CommandLineApplication.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
