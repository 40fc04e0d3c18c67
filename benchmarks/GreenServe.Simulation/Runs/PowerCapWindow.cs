namespace GreenServe.Simulation.Runs;

/// <summary>A power cap that holds a running mean instead of every step: a short peak passes while the mean has room for it.</summary>
/// <param name="capWatts">The cap (W).</param>
/// <param name="windowSeconds">Time constant of the mean (s); 0 holds every step.</param>
/// <remarks>The mean follows <c>m' = (P - m) / window</c>, stepped implicitly, which is exact for none and stable for all lengths of step.</remarks>
internal sealed class PowerCapWindow(double capWatts, double windowSeconds)
{
    private double meanWatts;

    /// <summary>Whether steps may exceed the cap at all.</summary>
    internal bool IsOpen => windowSeconds > 0;

    /// <summary>Power (W) that a step of a length (s) may draw so that the mean stays at or below the cap.</summary>
    internal double AllowedWatts(double seconds) =>
        capWatts + (Math.Max(0, capWatts - meanWatts) * windowSeconds / seconds);

    /// <summary>Enters a stretch of time.</summary>
    internal void Add(double seconds, double joules)
    {
        if (windowSeconds > 0 && seconds > 0)
        {
            meanWatts = ((meanWatts * windowSeconds) + joules) / (windowSeconds + seconds);
        }
    }
}
