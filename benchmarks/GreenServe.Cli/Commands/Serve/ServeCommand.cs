using System.CommandLine;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve</c>: an OpenAI-compatible server.</summary>
internal static class ServeCommand
{
    internal static Command Create(CommandContext context) => new("serve", "Start an OpenAI-compatible server on this machine.")
    {
        ServeSimulatedCommand.Create(context),
        ServeEngineCommand.Create(),
    };
}
