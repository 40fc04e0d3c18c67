using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>The part of a window's energy above what the devices draw with the weights loaded and no request.</summary>
public static class DynamicEnergy
{
    /// <summary>Energy above loaded-idle with its error (J); <c>null</c> if the window or the baseline was not measured.</summary>
    /// <remarks>
    /// Window and baseline were read by the same sensors, so their gain error applies once, to the difference. The window's edge
    /// error and the baseline's own error over the window's length are added.
    /// </remarks>
    /// <param name="total">Energy of the accelerators in the window.</param>
    /// <param name="baselines">Power of the same accelerators without load.</param>
    public static ErrorBounded? AboveLoadedIdle(ScopeEnergy total, Baselines? baselines)
    {
        if (total.Joules is not { } joules || baselines?.LoadedIdleWatts is not { } idleWatts)
        {
            return null;
        }

        double length = total.Readings[0].EndSeconds - total.Readings[0].StartSeconds;
        double dynamic = joules - (idleWatts * length);
        double gain = total.Readings.Max(reading => reading.GainErrorRatio ?? 0);
        double error = (total.EdgeErrorJoules ?? 0) + ((baselines.LoadedIdleErrorWatts ?? 0) * length) + (gain * Math.Abs(dynamic));
        return new ErrorBounded(dynamic, error);
    }
}
