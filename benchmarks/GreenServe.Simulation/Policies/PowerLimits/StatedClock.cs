using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>The clock that the cluster file states for an instance. A policy that lifts its limits goes back to it.</summary>
internal static class StatedClock
{
    /// <summary>The stated clock, in megahertz; <c>null</c> for the highest.</summary>
    internal static double? StatedMegahertz(this IInstanceView instance) => instance.Server.System.Knobs.GpuClockMegahertz;

    /// <summary>The stated clock, or the highest where none is stated, in megahertz.</summary>
    internal static double TopMegahertz(this IInstanceView instance) =>
        instance.StatedMegahertz() ?? instance.System.Gpu.Clock.HighestMegahertz;

    /// <summary>The lower one of a clock and the stated one, in megahertz; <c>null</c> for the highest.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="megahertz">The clock, in megahertz; <c>null</c> for the stated one.</param>
    internal static double? AtMostStatedMegahertz(this IInstanceView instance, double? megahertz) =>
        instance.StatedMegahertz() is { } stated && !(megahertz < stated) ? stated : megahertz;
}
