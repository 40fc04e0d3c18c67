using GreenServe.Cli.Terminal;
using GreenServe.Running.Processes;

namespace GreenServe.Cli.Commands;

/// <summary>The services that a command gets from its process.</summary>
internal sealed record CommandContext
{
    /// <summary>Is told what must end in order before the process does: servers, records and changed devices.</summary>
    /// <value>A lifetime that holds nothing yet.</value>
    internal ProcessLifetime Lifetime { get; init; } = new();

    /// <summary>Receives what the process itself says while a command runs, such as that a signal came.</summary>
    /// <value>A writer that drops everything.</value>
    internal DivertedWriter Messages { get; init; } = new(TextWriter.Null);

    /// <summary>Measures the speed of this host for the records of servers that run on it.</summary>
    /// <value><c>null</c>: the speed is not measured.</value>
    internal HostProbeProcess? HostProbe { get; init; }

    /// <summary>Source of time for time stamps, waits and time limits.</summary>
    /// <value>The clock of this host.</value>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
