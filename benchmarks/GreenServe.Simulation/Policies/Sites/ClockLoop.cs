using GreenServe.Simulation.Control;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Simulation.Policies.Sites;

/// <summary>
/// Raises the clock of an instance in proportion when a request missed its limits, and lowers it by a step while all keep them
/// (multiplicative increase, additive decrease). An instance that shows neither keeps its clock.
/// </summary>
/// <param name="raiseShare">Share of the clock by which it rises (β).</param>
/// <param name="stepMegahertz">Step by which it falls, in megahertz.</param>
/// <param name="lowestMegahertz">Clock below which it does not fall, in megahertz.</param>
internal sealed class ClockLoop(double raiseShare, double stepMegahertz, double lowestMegahertz)
{
    /// <summary>Whether requests at an instance missed their limits since the last step, for instances with some.</summary>
    private readonly Dictionary<int, bool> missed = [];

    /// <summary>Notes whether a request kept its limits at an instance.</summary>
    internal void Note(int instance, bool keepsLimits) =>
        missed[instance] = !keepsLimits || missed.GetValueOrDefault(instance);

    /// <summary>Sets the clocks.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="actions">Receives the decisions.</param>
    internal void Step(IClusterView cluster, IClusterActions actions)
    {
        foreach (IInstanceView instance in cluster.Instances)
        {
            if (instance.State == InstanceState.Serving && missed.TryGetValue(instance.Number, out bool hasMissed))
            {
                double wanted = hasMissed ? instance.ClockMegahertz * (1 + raiseShare) : instance.ClockMegahertz - stepMegahertz;
                ClockRange range = instance.System.Gpu.Clock;
                double nearest = range.NearestMegahertz(lowestMegahertz);
                double lowest = nearest < lowestMegahertz ? nearest + range.StepMegahertz : nearest;
                double clock = range.NearestMegahertz(Math.Min(instance.TopMegahertz(), Math.Max(wanted, lowest)));
                if (clock != instance.ClockMegahertz)
                {
                    actions.SetClock(instance.Number, clock, hasMissed ? "a request missed its limits" : "all requests kept their limits");
                }
            }
        }

        missed.Clear();
    }
}
