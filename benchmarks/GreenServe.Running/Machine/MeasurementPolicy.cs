using GreenServe.Records;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Machine;

/// <summary>What a measured run may change on the machine, and what it measures before the load.</summary>
internal sealed record MeasurementPolicy
{
    /// <summary>The user's leave to set GPU clocks and power caps.</summary>
    internal bool AllowsDeviceChanges { get; init; }

    /// <summary>Power without load to measure.</summary>
    internal BaselineChoice Baselines { get; init; } = BaselineChoice.Loaded;

    /// <summary>What is known of it already; gets what is measured.</summary>
    internal BaselineStore Store { get; init; } = BaselineStore.InMemory();

    /// <summary>Every knob of a point that would change a GPU without leave.</summary>
    internal IEnumerable<Problem> Check(OperatingPoint point)
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
