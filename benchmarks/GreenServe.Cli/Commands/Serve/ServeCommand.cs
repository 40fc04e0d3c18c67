using System.CommandLine;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve</c>: an OpenAI-compatible server.</summary>
internal static class ServeCommand
{
    internal static Command Create() => new("serve", "Serve the OpenAI wire format on this machine.")
    {
        ServeSimulatedCommand.Create(),
        ServeEngineCommand.Create(),
    };
}
