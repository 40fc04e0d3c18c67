using System.CommandLine;
using GreenServe.Running.Processes;

namespace GreenServe.Cli.Commands.Serve;

/// <summary><c>greenserve serve</c>: an OpenAI-compatible server.</summary>
internal static class ServeCommand
{
    internal static Command Create(ProcessLifetime lifetime) => new("serve", "Serve the OpenAI wire format on this machine.")
    {
        ServeSimulatedCommand.Create(lifetime),
        ServeEngineCommand.Create(),
    };
}
