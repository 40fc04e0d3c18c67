using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Machine;

/// <summary>What a measured run may change on the machine, and what it measures before the load starts.</summary>
public sealed record MeasurementPolicy
{
    /// <summary>Whether the user permits changes of GPU clocks and power caps.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool AllowsDeviceChanges { get; init; }

    /// <summary>Which baselines are measured before the run.</summary>
    /// <value>Default: <see cref="BaselineChoice.Loaded"/>.</value>
    public BaselineChoice Baselines { get; init; } = BaselineChoice.Loaded;

    /// <summary>The baselines that are known already. New ones are added to it.</summary>
    /// <value>Default: an empty store in memory.</value>
    public BaselineStore Store { get; init; } = BaselineStore.InMemory();

    /// <summary>The meters that the user asked for.</summary>
    /// <value>Default: <c>null</c>, which leaves the choice to the backend.</value>
    public MeterOptions? Meters { get; init; }

    /// <summary>The choice of <see cref="Meters"/> as the user wrote it. It is part of what defines a run.</summary>
    /// <value>Default: empty.</value>
    public IReadOnlyList<string> MetersAsked { get; init; } = [];

    /// <summary>Problems of a point: one for each knob that would change a GPU without permission.</summary>
    public IEnumerable<Problem> Check(OperatingPoint point)
    {
        const string Allowed = "--allow-device-changes as well, because it changes the GPU for everyone who uses it";
        if (!AllowsDeviceChanges && point.Knobs.GpuClockMegahertz is { } clock)
        {
            yield return new Problem("knobs.gpu_clock_megahertz", clock, Allowed);
        }

        if (!AllowsDeviceChanges && point.Knobs.PowerCapWatts is { } cap)
        {
            yield return new Problem("knobs.power_cap_watts", cap, Allowed);
        }
    }
}
