using System.CommandLine;
using GreenServe.Metering.HostProbes;
using GreenServe.Records;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>
/// <c>greenserve meters host-probe</c>: the process in which a run measures the speed of this host. People use <c>meters host</c>.
/// </summary>
internal static class MetersCommandHostProbe
{
    /// <summary>The words that call the command.</summary>
    internal static readonly string[] Words = ["meters", "host-probe"];

    internal static Command Create(TimeProvider clock)
    {
        Command command = new(Words[^1], "Measure the speed of this host, and write a line of JSON after each part.") { Hidden = true };
        command.SetAction(parsed =>
        {
            HostProbe.Run(parsed.InvocationConfiguration.Output, clock);
            return ExitCode.Success;
        });
        return command;
    }
}
