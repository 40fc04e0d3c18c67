using GreenServe.Running.Processes;

namespace GreenServe.Cli.Commands;

/// <summary>What a command gets from the process that runs it.</summary>
internal sealed record CommandContext
{
    /// <summary>Is told what must end in order before the process does: servers, records and changed devices.</summary>
    /// <value>A lifetime that holds nothing yet.</value>
    internal ProcessLifetime Lifetime { get; init; } = new();

    /// <summary>Where the time comes from: time stamps, waits and time limits.</summary>
    /// <value>The clock of this host.</value>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;
}
