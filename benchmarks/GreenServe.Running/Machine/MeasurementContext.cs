using GreenServe.Running.Processes;
using GreenServe.Serving.Load;

namespace GreenServe.Running.Machine;

/// <summary>What the measured points of a command share.</summary>
public sealed record MeasurementContext
{
    /// <summary>What may be changed on the machine, and what is measured before the load.</summary>
    public MeasurementPolicy Policy { get; init; } = new();

    /// <summary>How schedules are sent, and when a request is given up.</summary>
    public LoadOptions Load { get; init; } = new();

    /// <summary>Told in sentences what is being waited for.</summary>
    /// <value>Default: nobody.</value>
    public IProgress<string> Progress { get; init; } = new Silence();

    /// <summary>Work that must end in order before this process does.</summary>
    public ProcessLifetime Lifetime { get; init; } = new();

    /// <summary>Where time comes from.</summary>
    /// <value>Default: the clock of this host.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
