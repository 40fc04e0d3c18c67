using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Running.Live;
using GreenServe.Running.Processes;
using GreenServe.Serving.Load;

namespace GreenServe.Running.Machine;

/// <summary>Options, progress and clock that the measured points of a command share.</summary>
public sealed record MeasurementContext
{
    /// <summary>What a run may change on the machine, and which baselines and meters it uses.</summary>
    public MeasurementPolicy Policy { get; init; } = new();

    /// <summary>How schedules are sent, and when the client gives up on a request.</summary>
    public LoadOptions Load { get; init; } = new();

    /// <summary>Whether the tables of the records are CSV or Parquet.</summary>
    /// <value>Default: <see cref="TableFormat.Auto"/>.</value>
    public TableFormat Tables { get; init; } = TableFormat.Auto;

    /// <summary>Receives a sentence whenever the command waits for something.</summary>
    /// <value>By default the sentences are discarded.</value>
    public IProgress<string> Progress { get; init; } = new Silence();

    /// <summary>
    /// Receives what a user should know of the machine or the server, in a sentence, for example that a clock was not set.
    /// </summary>
    /// <value>By default the sentences are discarded.</value>
    public IProgress<string> Notices { get; init; } = new Silence();

    /// <summary>What the command shows of itself while it goes on.</summary>
    public LiveRun Live { get; init; } = new();

    /// <summary>Registers work that must end in order before the process ends.</summary>
    public ProcessLifetime Lifetime { get; init; } = new();

    /// <summary>Measures the speed of this host for the records of servers that run on it.</summary>
    /// <value>Default: <c>null</c>, which means that it is not measured, and the records say so.</value>
    public HostProbeProcess? HostProbe { get; init; }

    /// <summary>Source of time.</summary>
    /// <value>Default: the clock of this host.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The speed of this host. It is measured at the first call, which must come before a server that this command starts, and before every
    /// baseline and load.
    /// </summary>
    /// <param name="cancellationToken">Stops the probe.</param>
    internal Task<HostSpeed> HostSpeedAsync(CancellationToken cancellationToken) =>
        HostProbe?.MeasureAsync(cancellationToken) ?? Task.FromResult(HostSpeed.Unknown("no probe was asked for"));

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
